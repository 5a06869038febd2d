"""A decoder of the llama architecture (RMSNorm, RoPE, grouped-query attention, SwiGLU, tied embeddings)."""

import torch
from torch import nn
from torch.nn import functional

LAYERS, WIDTH, HEADS, KV_HEADS, HEAD_WIDTH, FEED_FORWARD = 4, 128, 4, 2, 32, 384
CONTEXT, ROPE_BASE, EPSILON = 2048, 10000.0, 1e-5


class Norm(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(WIDTH))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPSILON) * self.weight


class Linear(nn.Module):
    """A matrix, and beside it a LoRA once there is one."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) * 0.02)
        self.lora = None

    def forward(self, x):
        y = functional.linear(x, self.weight)
        return y if self.lora is None else y + self.lora(x)


class Lora(nn.Module):
    """PEFT's names and start values: A small and random, B zero."""

    def __init__(self, inputs, outputs, rank, alpha):
        super().__init__()
        self.lora_A = nn.Parameter(torch.randn(rank, inputs) / inputs**0.5)
        self.lora_B = nn.Parameter(torch.zeros(outputs, rank))
        self.scale = alpha / rank

    def forward(self, x):
        return functional.linear(functional.linear(x, self.lora_A), self.lora_B) * self.scale


def rotated(x, cosines, sines):
    """RoPE in the layout of Hugging Face: the halves of a head are turned against each other."""
    first, second = x.chunk(2, -1)
    return torch.cat([first * cosines - second * sines, second * cosines + first * sines], -1)


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.q_proj = Linear(WIDTH, HEADS * HEAD_WIDTH)
        self.k_proj = Linear(WIDTH, KV_HEADS * HEAD_WIDTH)
        self.v_proj = Linear(WIDTH, KV_HEADS * HEAD_WIDTH)
        self.o_proj = Linear(HEADS * HEAD_WIDTH, WIDTH)

    def forward(self, x, turn, mask):
        count, length, _ = x.shape

        def heads(y, number):
            return y.view(count, length, number, HEAD_WIDTH).transpose(1, 2)

        q = rotated(heads(self.q_proj(x), HEADS), *turn)
        k = rotated(heads(self.k_proj(x), KV_HEADS), *turn).repeat_interleave(HEADS // KV_HEADS, 1)
        v = heads(self.v_proj(x), KV_HEADS).repeat_interleave(HEADS // KV_HEADS, 1)
        scores = q @ k.transpose(-1, -2) * HEAD_WIDTH**-0.5 + mask
        return self.o_proj((scores.softmax(-1) @ v).transpose(1, 2).reshape(count, length, -1))


class FeedForward(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate_proj = Linear(WIDTH, FEED_FORWARD)
        self.up_proj = Linear(WIDTH, FEED_FORWARD)
        self.down_proj = Linear(FEED_FORWARD, WIDTH)

    def forward(self, x):
        return self.down_proj(functional.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.input_layernorm, self.self_attn = Norm(), Attention()
        self.post_attention_layernorm, self.mlp = Norm(), FeedForward()

    def forward(self, x, turn, mask):
        x = x + self.self_attn(self.input_layernorm(x), turn, mask)
        return x + self.mlp(self.post_attention_layernorm(x))


class Model(nn.Module):
    """Named like Hugging Face's `LlamaModel`."""

    def __init__(self, vocabulary):
        super().__init__()
        self.embed_tokens = nn.Embedding(vocabulary, WIDTH)
        nn.init.normal_(self.embed_tokens.weight, std=0.02)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = Norm()

    def forward(self, ids, wanted):
        """The logits at the positions that are `wanted` (a mask like `ids`), one row each."""
        length = ids.shape[1]
        frequencies = ROPE_BASE ** (-torch.arange(0, HEAD_WIDTH, 2) / HEAD_WIDTH)
        angles = torch.outer(torch.arange(length), frequencies)
        turn = angles.cos(), angles.sin()
        mask = torch.full((length, length), float("-inf")).triu(1)
        x = self.embed_tokens(ids)
        for layer in self.layers:
            x = layer(x, turn, mask)
        return functional.linear(self.norm(x[wanted]), self.embed_tokens.weight)
