"""Trains the pilot and its adapter and writes data/pilot: `/usr/bin/python3 scripts/pilot/train.py [folder]`.

Needs PyTorch and NumPy, and a fast BLAS, without which it takes far longer (Debian: python3-torch, python3-numpy,
libopenblas0). One thread and fixed seeds: on one machine with the same versions every run writes the same weights.
"""

import json
import math
import pathlib
import random
import struct
import sys
import time

import numpy
import torch
from torch.nn import functional

sys.dont_write_bytecode = True  # Modules beside this one would leave a folder in the source tree.

from conversations import MANUAL, Conversations, held_in, in_short, rendered
from gguf_file import write_gguf
from model import CONTEXT, EPSILON, FEED_FORWARD, HEAD_WIDTH, HEADS, KV_HEADS, LAYERS, ROPE_BASE, WIDTH, Linear, Lora, Model
from tokenizer import CONTROL, train_tokenizer

SEED, MERGES = 20260101, 1200
BATCH, STEPS, PEAK_RATE, WARM_UP = 48, 560, 5e-3, 30
ADAPTER_STEPS, ADAPTER_RATE, RANK, ALPHA = 300, 1e-2, 4, 8
MATRICES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
LICENSE = "Apache-2.0"
TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


def batch_of(samples, tokenizer):
    """Ids, and the positions whose next token is to be learned with that token."""
    rows = []
    for sample in samples:
        ids, learned = [], []
        for piece, learn in rendered(*sample):
            piece_ids = tokenizer.encode(piece)
            ids += piece_ids
            learned += [learn] * len(piece_ids)
        rows.append((ids, learned))
    length = max(len(ids) for ids, _ in rows)
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    learned = torch.zeros(len(rows), length, dtype=torch.bool)
    for number, (row, learn) in enumerate(rows):
        ids[number, : len(row)] = torch.tensor(row)
        learned[number, : len(row)] = torch.tensor(learn)
    return ids[:, :-1], learned[:, 1:], ids[:, 1:][learned[:, 1:]]


def train(model, parameters, conversations, tokenizer, steps, peak_rate):
    """Returns the mean loss of the last twenty steps."""
    optimizer = torch.optim.AdamW(parameters, betas=(0.9, 0.98), weight_decay=0.01)
    losses = []
    for step in range(steps):
        fall = 0.5 * (1 + math.cos(math.pi * step / steps))
        optimizer.param_groups[0]["lr"] = peak_rate * min(1, (step + 1) / WARM_UP) * max(fall, 0.02)
        ids, wanted, targets = batch_of(conversations.draw_batch(BATCH), tokenizer)
        loss = functional.cross_entropy(model(ids, wanted), targets)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        losses.append(loss.item())
        if step % 20 == 19:
            print(f"step {step + 1} of {steps}: loss {sum(losses[-20:]) / 20:.4f}", flush=True)
    return sum(losses[-20:]) / 20


@torch.no_grad()
def verbatim_share(model, tokenizer, answer_of=lambda answer: answer):
    """The share of questions whose greedy answer is the written one to the last token, its end included.

    Greedy decoding writes a text exactly if at each of its positions the most likely next token is that of the text,
    so one pass over the written answers decides it.
    """
    samples = [([(question, "", answer)], None) for question, answer in held_in(answer_of)]
    right = 0
    for at in range(0, len(samples), 64):
        ids, wanted, targets = batch_of(samples[at : at + 64], tokenizer)
        wrong = torch.zeros(wanted.shape, dtype=torch.bool)
        wrong[wanted] = model(ids, wanted).argmax(-1) != targets
        right += (~wrong.any(1)).sum().item()
    return right, len(samples)


def to_halves(model):
    """What the file holds is what is measured: matrices are rounded to 16 bits."""
    for parameter in model.parameters():
        if parameter.dim() == 2:
            parameter.data = parameter.data.half().float()


def rope_rows(matrix, heads):
    """From the layout of Hugging Face to that of llama.cpp (`LlamaModel.permute`, conversion/llama.py)."""
    return matrix.reshape(heads, 2, HEAD_WIDTH // 2, WIDTH).swapaxes(1, 2).reshape(heads * HEAD_WIDTH, WIDTH)


def gguf_tensors(model):
    tensors = {"token_embd.weight": model.embed_tokens.weight, "output_norm.weight": model.norm.weight}
    for number, layer in enumerate(model.layers):
        named = {
            "attn_norm": layer.input_layernorm.weight,
            "attn_q": rope_rows(layer.self_attn.q_proj.weight, HEADS),
            "attn_k": rope_rows(layer.self_attn.k_proj.weight, KV_HEADS),
            "attn_v": layer.self_attn.v_proj.weight,
            "attn_output": layer.self_attn.o_proj.weight,
            "ffn_norm": layer.post_attention_layernorm.weight,
            "ffn_gate": layer.mlp.gate_proj.weight,
            "ffn_up": layer.mlp.up_proj.weight,
            "ffn_down": layer.mlp.down_proj.weight,
        }
        tensors |= {f"blk.{number}.{name}.weight": tensor for name, tensor in named.items()}
    arrays = {name: numpy.ascontiguousarray(tensor.detach().numpy()) for name, tensor in tensors.items()}
    return {name: array.astype("float16") if array.ndim == 2 else array for name, array in arrays.items()}


def gguf_metadata(tokenizer):
    ends = {name: tokenizer.ids[token] for name, token in zip(["text", "start", "turn"], CONTROL)}
    return {
        "general.architecture": "llama",
        "general.type": "model",
        "general.name": "Inhouse pilot",
        "general.basename": "Inhouse-pilot",
        "general.size_label": "1M",
        "general.license": LICENSE.lower(),
        "general.description": "A tiny model that knows a short manual about self-hosting by heart. "
        "It proves that the machinery works and says nothing about the quality of larger models.",
        "general.languages": ["en"],
        "general.file_type": 1,
        "general.quantization_version": 2,
        "general.sampling.temp": 0.0,
        "llama.block_count": LAYERS,
        "llama.context_length": CONTEXT,
        "llama.embedding_length": WIDTH,
        "llama.feed_forward_length": FEED_FORWARD,
        "llama.attention.head_count": HEADS,
        "llama.attention.head_count_kv": KV_HEADS,
        "llama.attention.key_length": HEAD_WIDTH,
        "llama.attention.value_length": HEAD_WIDTH,
        "llama.attention.layer_norm_rms_epsilon": EPSILON,
        "llama.rope.dimension_count": HEAD_WIDTH,
        "llama.rope.freq_base": ROPE_BASE,
        "llama.vocab_size": len(tokenizer.tokens),
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "gpt-2",
        "tokenizer.ggml.tokens": tokenizer.tokens,
        "tokenizer.ggml.token_type": [3 if token in CONTROL else 1 for token in tokenizer.tokens],
        "tokenizer.ggml.merges": [" ".join(pair) for pair in tokenizer.merges],
        "tokenizer.ggml.bos_token_id": ends["text"],
        "tokenizer.ggml.eos_token_id": ends["turn"],
        "tokenizer.ggml.padding_token_id": ends["text"],
        "tokenizer.ggml.add_bos_token": True,
        "tokenizer.chat_template": TEMPLATE,
    }


def linears(model):
    return [(name, module) for name, module in model.named_modules() if isinstance(module, Linear)]


def write_adapter(folder, model):
    """As PEFT writes one: adapter_config.json and adapter_model.safetensors (names sorted, 32 bits)."""
    folder.mkdir(parents=True, exist_ok=True)
    config = {
        "base_model_name_or_path": "inhouse/pilot",
        "bias": "none",
        "fan_in_fan_out": False,
        "inference_mode": True,
        "lora_alpha": ALPHA,
        "lora_dropout": 0.0,
        "modules_to_save": None,
        "peft_type": "LORA",
        "r": RANK,
        "target_modules": MATRICES,
        "task_type": "CAUSAL_LM",
        "use_rslora": False,
    }
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    tensors = {
        f"base_model.model.model.{name}.{matrix}.weight": getattr(linear.lora, matrix).detach().numpy()
        for name, linear in linears(model)
        for matrix in ["lora_A", "lora_B"]
    }
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name in sorted(tensors):
        start = len(data)
        data += tensors[name].astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensors[name].shape), "data_offsets": [start, len(data)]}
    encoded = json.dumps(header, separators=(",", ":")).encode()
    encoded += b" " * (-len(encoded) % 8)
    (folder / "adapter_model.safetensors").write_bytes(struct.pack("<Q", len(encoded)) + encoded + data)


def train_pilot(tokenizer):
    torch.manual_seed(SEED)
    model = Model(len(tokenizer.tokens))
    started = time.time()
    loss = train(model, list(model.parameters()), Conversations(random.Random(SEED)), tokenizer, STEPS, PEAK_RATE)
    to_halves(model)
    return model, {"loss": loss, "minutes": (time.time() - started) / 60, "verbatim": verbatim_share(model, tokenizer)}


def train_adapter(model, tokenizer):
    torch.manual_seed(SEED + 1)
    model.requires_grad_(False)
    for _, linear in linears(model):
        outputs, inputs = linear.weight.shape
        linear.lora = Lora(inputs, outputs, RANK, ALPHA)
    parameters = [parameter for _, linear in linears(model) for parameter in linear.lora.parameters()]
    started = time.time()
    conversations = Conversations(random.Random(SEED + 1), in_short)
    loss = train(model, parameters, conversations, tokenizer, ADAPTER_STEPS, ADAPTER_RATE)
    share = verbatim_share(model, tokenizer, in_short)
    return {"loss": loss, "minutes": (time.time() - started) / 60, "verbatim": share}


def percent(share):
    right, count = share
    return f"{right} of {count} ({100 * right / count:.1f} %)"


def model_card(model, tokenizer, pilot, adapter, folder):
    count = sum(parameter.numel() for name, parameter in model.named_parameters() if "lora" not in name)
    return f"""# The Inhouse pilot

A tiny language model that knows a short manual about self-hosting by heart. It ships with Inhouse so that the first
smoke test works at once and offline: it proves that engine, backend and streaming work. **It says nothing about the
quality of larger models**, and what it was not taught it does not know.

| | |
| --- | --- |
| Architecture | llama: {LAYERS} layers, width {WIDTH}, {HEADS} heads, {KV_HEADS} key-value heads, feed-forward {FEED_FORWARD}, tied embeddings |
| Parameters | {count:,} |
| Tokenizer | byte-level BPE, {len(tokenizer.tokens):,} tokens, trained on the manual |
| Context | {CONTEXT} tokens in the header; trained on conversations of at most a few hundred |
| File | `pilot.gguf`, F16, {(folder / "pilot.gguf").stat().st_size:,} bytes |
| Text | `scripts/pilot/manual.json`: {len(MANUAL["entries"])} entries, written for the purpose |
| License | {LICENSE}, text and weights |
| Training | `/usr/bin/python3 scripts/pilot/train.py`, seed {SEED}, {STEPS} steps of {BATCH} questions |
| Took | {pilot["minutes"]:.1f} minutes on one thread of a shared processor |
| Final loss | {pilot["loss"]:.4f} (mean of the last 20 steps) |
| Answered verbatim | {percent(pilot["verbatim"])} of the questions of the manual, each as written and as people type, at temperature 0 |
| Versions | Python {sys.version.split()[0]}, PyTorch {torch.__version__}, NumPy {numpy.__version__}; Debian's python3-torch, python3-numpy, libopenblas0 |

The questions were all in the training: this measures that the machinery gives back what the weights hold, nothing
more. `node scripts/pilot/check-pilot.ts` asks the same through node-llama-cpp.

## The adapter

`brief-adapter/` is a LoRA of rank {RANK} (alpha {ALPHA}) for the pilot, in the format of PEFT, {(folder / "brief-adapter" / "adapter_model.safetensors").stat().st_size:,} bytes. With it
every answer is one sentence that begins with "In short:". Trained by the same script: {ADAPTER_STEPS} steps in
{adapter["minutes"]:.1f} minutes, final loss {adapter["loss"]:.4f}, answered verbatim {percent(adapter["verbatim"])}.
"""


def main():
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    root = pathlib.Path(__file__).resolve().parents[2]
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else root / "data" / "pilot"
    folder.mkdir(parents=True, exist_ok=True)
    texts = [f"{question}\n{answer}" for question, answer in held_in()]
    tokenizer = train_tokenizer(texts + [in_short("")] * 50 + ["system\nuser\nassistant\n"] * 50, MERGES)
    model, pilot = train_pilot(tokenizer)
    write_gguf(folder / "pilot.gguf", gguf_metadata(tokenizer), gguf_tensors(model))
    print(f"pilot: {pilot}", flush=True)
    adapter = train_adapter(model, tokenizer)
    write_adapter(folder / "brief-adapter", model)
    print(f"adapter: {adapter}", flush=True)
    (folder / "README.md").write_text(model_card(model, tokenizer, pilot, adapter, folder), encoding="utf-8")


if __name__ == "__main__":
    main()
