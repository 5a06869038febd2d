"""Writes a GGUF file, version 3 (the format: ggml/docs/gguf.md)."""

import struct

import numpy

ALIGNMENT = 32
UINT32, FLOAT32, INT32, BOOL, STRING, ARRAY = 4, 6, 5, 7, 8, 9


def text(value):
    encoded = value.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def typed(value):
    """The type number and the bytes of a value; a Python int is a uint32 on its own and an int32 in a list."""
    if isinstance(value, bool):
        return BOOL, struct.pack("<?", value)
    if isinstance(value, int):
        return UINT32, struct.pack("<I", value)
    if isinstance(value, float):
        return FLOAT32, struct.pack("<f", value)
    if isinstance(value, str):
        return STRING, text(value)
    of_text = isinstance(value[0], str)
    items = b"".join(text(one) if of_text else struct.pack("<i", one) for one in value)
    return ARRAY, struct.pack("<IQ", STRING if of_text else INT32, len(value)) + items


def write_gguf(path, metadata, tensors):
    header, data = bytearray(b"GGUF"), bytearray()
    header += struct.pack("<IQQ", 3, len(tensors), len(metadata))
    for key, value in metadata.items():
        number, encoded = typed(value)
        header += text(key) + struct.pack("<I", number) + encoded
    for name, tensor in tensors.items():
        number = {numpy.dtype("float32"): 0, numpy.dtype("float16"): 1}[tensor.dtype]
        shape = tensor.shape[::-1]
        header += text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, number, len(data))
        data += tensor.tobytes()
        data += bytes(-len(data) % ALIGNMENT)
    header += bytes(-len(header) % ALIGNMENT)
    path.write_bytes(header + data)
