"""Writes the two checkpoints that both sides are measured with: FOLDER/tiny and FOLDER/gpt2.

    python checkpoints.py FOLDER

tiny: GPT-2's layout with 4 layers, width 128, 4 heads, 2,048 tokens and a context of 128.
gpt2: the sizes of GPT-2's smallest model, 124 M parameters. Weights are random (transformers' own
initialization, seed 42), dropout is 0, since `rlhf` has none. The tokenizer has the 256 bytes and
the end token: TRL and the model loader want one, the measurements use token ids only.
"""

import argparse
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

END = "<|endoftext|>"
SIZES = {
    "tiny": dict(vocab_size=2048, n_positions=128, n_embd=128, n_layer=4, n_head=4),
    "gpt2": dict(vocab_size=50_257, n_positions=1024, n_embd=768, n_layer=12, n_head=12),
}


def byte_tokenizer(context):
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {symbol: number for number, symbol in enumerate([END] + alphabet)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=END, eos_token=END, unk_token=END, pad_token=END,
        model_max_length=context)


def write(folder, sizes):
    tokenizer = byte_tokenizer(sizes["n_positions"])
    torch.manual_seed(42)
    model = GPT2LMHeadModel(GPT2Config(
        **sizes, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0,
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id))
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    for name, sizes in SIZES.items():
        write(folder / name, sizes)
        print(folder / name)


if __name__ == "__main__":
    main()
