"""Byte-level BPE as GPT-2 has it (what llama.cpp calls `gpt2` with the pre-tokenizer `gpt-2`)."""

import collections
import re

CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
# Equal to GPT-2's pattern on the text of the manual: Python's `re` has no \p{L}, so letters are "word, no digit, no _".
PIECES = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+")


def byte_characters():
    """GPT-2's printable stand-in for each byte."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    spare = iter(range(256, 512))
    return [chr(byte) if byte in plain else chr(next(spare)) for byte in range(256)]


BYTES = byte_characters()


class Tokenizer:
    def __init__(self, merges):
        self.merges = merges
        self.ranks = {pair: rank for rank, pair in enumerate(merges)}
        self.tokens = CONTROL + BYTES + ["".join(pair) for pair in merges]
        self.ids = {token: number for number, token in enumerate(self.tokens)}
        self.known = {}

    def encode(self, text):
        ids = []
        for part in re.split("(" + "|".join(map(re.escape, CONTROL)) + ")", text):
            ids += [self.ids[part]] if part in CONTROL else self._plain(part)
        return ids

    def _plain(self, text):
        return [number for piece in PIECES.findall(text) for number in self._piece(piece)]

    def _piece(self, piece):
        if piece not in self.known:
            symbols = [BYTES[byte] for byte in piece.encode()]
            while len(symbols) > 1:
                pairs = list(zip(symbols, symbols[1:]))
                best = min(pairs, key=lambda pair: self.ranks.get(pair, len(self.ranks)))
                if best not in self.ranks:
                    break
                symbols = merged(symbols, best)
            self.known[piece] = [self.ids[symbol] for symbol in symbols]
        return self.known[piece]


def merged(symbols, pair):
    result, at = [], 0
    while at < len(symbols):
        if tuple(symbols[at : at + 2]) == pair:
            result.append(symbols[at] + symbols[at + 1])
            at += 2
        else:
            result.append(symbols[at])
            at += 1
    return result


def train_tokenizer(texts, merge_count):
    """The most frequent pair becomes a token, again and again; ties go to the pair that sorts first."""
    counts = collections.Counter(piece for text in texts for piece in PIECES.findall(text))
    words = [([BYTES[byte] for byte in piece.encode()], count) for piece, count in counts.items()]
    merges = []
    while len(merges) < merge_count:
        pairs = collections.Counter()
        for symbols, count in words:
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] += count
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        words = [(merged(symbols, best), count) for symbols, count in words]
    return Tokenizer(merges)
