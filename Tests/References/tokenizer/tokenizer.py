"""A small byte-level BPE tokenizer trained by the tokenizers library, and what it encodes.

Writes Fixtures/tokenizer; README.md in this folder describes the files. The training text is put
together here from the words below, so nothing has to be downloaded.
"""

import json
import random
import unicodedata
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

ROOT = Path(__file__).resolve().parent.parent.parent / "Fixtures" / "tokenizer"
END = "<|endoftext|>"
VOCABULARY = 700

WORDS = {
    "English": "the a garden kettle should water paint and of to in that is was answer question "
    "helpful honest don't we'll they've I'm you're she'd it's morning evening reading written "
    "understanding because although through thought bicycle repair slowly quickly 12 2024 7,500",
    "German": "der die das und nicht größer Straße können fährt Überraschung müde schön",
    "French": "le la être français déjà où garçon l'été aujourd'hui cœur naïve",
    "Russian": "и в не на привет мир большой хорошо язык человек",
    "Greek": "και το είναι γλώσσα καλημέρα κόσμος",
    "Arabic": "في من على السلام عليكم لغة كتاب",
    "Hebrew": "של את שלום עולם ספר",
    "Hindi": "और है नमस्ते दुनिया किताब भाषा",
    "Thai": "สวัสดี โลก ภาษา หนังสือ",
    "Japanese": "こんにちは 世界 言葉 カタカナ 本を読む です",
    "Chinese": "你好 世界 语言 学习 我们",
    "Korean": "안녕하세요 세계 언어 책 읽다",
    "marks": "😀 👩‍👩‍👧 🇩🇪 👍🏽 … — « » € © x² ½ Ⅷ ３",
}
# Ranges from which characters are drawn, whether they are assigned or not.
BLOCKS = [
    (0x0000, 0x0020), (0x0020, 0x007F), (0x007F, 0x00A1), (0x00A1, 0x0100), (0x0100, 0x0250),
    (0x0250, 0x0300), (0x0300, 0x0370), (0x0370, 0x0400), (0x0400, 0x0530), (0x0531, 0x058F),
    (0x0590, 0x0600), (0x0600, 0x0700), (0x0900, 0x0980), (0x0980, 0x0A00), (0x0B80, 0x0C00),
    (0x0E00, 0x0E80), (0x0F00, 0x1000), (0x10A0, 0x1100), (0x1100, 0x1200), (0x1200, 0x1380),
    (0x13A0, 0x1400), (0x1680, 0x16A0), (0x1780, 0x1800), (0x1800, 0x18B0), (0x1E00, 0x2000),
    (0x2000, 0x2070), (0x2070, 0x20D0), (0x2100, 0x2190), (0x2190, 0x2400), (0x2460, 0x2500),
    (0x2600, 0x27C0), (0x2C00, 0x2E00), (0x2E80, 0x3000), (0x3000, 0x3040), (0x3040, 0x3100),
    (0x3100, 0x3400), (0x4E00, 0xA000), (0xA000, 0xA4D0), (0xA640, 0xA8E0), (0xAC00, 0xD7B0),
    (0xE000, 0xE010), (0xF900, 0xFB00), (0xFB00, 0xFE00), (0xFE00, 0xFF00), (0xFF00, 0x10000),
    (0x10000, 0x10200), (0x10330, 0x10350), (0x10900, 0x11000), (0x12000, 0x12500),
    (0x16A00, 0x16C00), (0x1D100, 0x1D200), (0x1D400, 0x1D800), (0x1E900, 0x1EF00),
    (0x1F000, 0x1FB00), (0x20000, 0x20100), (0x2F800, 0x2FA20), (0x30000, 0x30010),
    (0xE0000, 0xE0080), (0xE0100, 0xE01F0), (0xF0000, 0xF0010), (0x10FFF0, 0x110000),
]
SPACES = (
    " \t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u180e" + "".join(map(chr, range(0x2000, 0x2010)))
    + "\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
SPECIAL_CASES = [
    "", " ", "  ", "   ", "\n", "\r\n", "\t\t", " \n ", "a ", "a  ", " a", "  a", "a  b", "a   b ",
    "\n\na", "a\n", "a\n\n", "a \n b", "\u00a0a", " \u00a0a", "\u00a0 a", "\u3000日", "x\u2003\u2003y",
    "don't", "DON'T", "don’t", "'s", "'S", "'s's", "''s", "'", "''", " 's", "a's b", "we'll've",
    "'re're", "'ve'll'd", "'l", "'v", "'r", "l'l", "'llama", "'dog", "it's.", "1's", "'1", "!'s",
    "rock'n'roll", "y'all'd've", "O'Neill's", "'\u0301s", "'ﬆ", "hello world", "Hello, World!",
    "The quick brown fox", "3.14159", "1,000,000", "x²+y²=½", "Ⅷ 8 ８ ٨ ८", "a1b2c3", "C++ & C#",
    "e\u0301 é", "\u0301", " \u0301a", "A\u030a Å Å", "ﬁ fi", "ß SS ẞ", "ǅ Dž", "İi", "ΣΑΣ σας",
    "🏳️‍🌈", "👨‍👩‍👧‍👦", "🇫🇷🇩🇪", "1️⃣2️⃣", "👋🏽👋🏿", "😀😀😀😀", "a😀b", " 😀 ", "☃️", "🫠",
    END, END + END, "a" + END + "b", " " + END + " ", "<|endoftext", "<|endoftext|", "|endoftext|>",
    "<|<|endoftext|>|>", END + "\n" + END, "<|ENDOFTEXT|>", "\x00", "\x00\x00a", "\x7f", "\x1b[31m",
    "\ufeffBOM", "\ufffd", "\uffff", "\U0010ffff", "\ud7ff\ue000", "\u200b", "a\u200bb", "\u200d",
    "a\u00adb", "\u202eabc", "if x == y:\n    return {'a': [1, 2]}\n", "</p>\n<br/>", "a_b__c",
    "https://example.org/a?b=c&d=%20#e", "me@example.org", "C:\\Users\\x", "\\n", "--", "-----",
    "a-b", "…", "...", "?!?!", "$5.00", "€5", "#1", "@x", "~/.config", "^_^", "(╯°□°)╯︵ ┻━┻",
    "x" * 40, "ab" * 60, "the" * 40, "9" * 120, "=" * 100, " " * 100, "\n" * 70, "é" * 60, "語" * 50,
    "a" * 47 + " " + "a" * 48 + " " + "a" * 49, "questionanswer" * 9, "\U0001d400\U0001d7d8",
    "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35", "नमस्ते", "가각힣", "ᄀ가", "ｶﾀｶﾅ", "ⓐ①⒈㈠", "〇一二", "𐍈",
    "\ua7ce\ua7d2\U00010940\U00011db0\U00016ea0\U00018d10", "\u088f\u0c5c\u0cdc", "\u1c89\U00010d40",
]


def words(source):
    return [word for name in WORDS for word in WORDS[name].split()] if source is None else (
        WORDS[source].split())


def training_text(generator):
    lines = []
    for _ in range(700):
        source = generator.choice(["English"] * 8 + list(WORDS))
        line = " ".join(generator.choice(words(source)) for _ in range(generator.randint(3, 14)))
        lines.append(line + generator.choice([".", "?", "!", "", "  ", ".\n", ";"]))
    return "\n".join(lines)


def is_encodable(code):
    return not 0xD800 <= code < 0xE000


def random_text(generator):
    kind = generator.randrange(6)
    if kind == 0:  # words of all languages, oddly spaced
        return "".join(
            generator.choice(words(None)) + generator.choice(SPACES) * generator.choice([0, 1, 1, 2])
            for _ in range(generator.randint(1, 6)))
    if kind == 1:  # one block
        first, end = generator.choice(BLOCKS)
        codes = [generator.randrange(first, end) for _ in range(generator.randint(1, 9))]
    elif kind == 2:  # two blocks with ASCII between
        codes = []
        for first, end in generator.sample(BLOCKS, 2):
            codes += [generator.randrange(first, end) for _ in range(generator.randint(1, 4))]
            codes += map(ord, generator.choice([" ", "'s", "1", "a", "!", "\n", "  "]))
    elif kind == 3:  # anything at all
        codes = [generator.randrange(0x110000) for _ in range(generator.randint(1, 5))]
    elif kind == 4:  # what the splitting rule looks at
        text = "".join(
            generator.choice(["'", "s", "ll", "re", " ", "  ", "\n", "\u00a0", "1", "²", "é", "!", "'d",
                              "T", "\u0301", "語", "٣", END[:5], "\t"])
            for _ in range(generator.randint(2, 12)))
        return text
    else:  # composed and decomposed
        text = " ".join(generator.choice(words(None)) for _ in range(generator.randint(1, 4)))
        return unicodedata.normalize(generator.choice(["NFC", "NFD", "NFKD"]), text)
    return "".join(chr(code) for code in codes if is_encodable(code))


def trained(texts, **options):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=[END],
        show_progress=False, **options))
    return tokenizer


def variants(base):
    """Changes of tokenizer.json, each with what it does to a few texts."""
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}
    split = {"type": "Split", "invert": False, "behavior": "Isolated", "pattern": {"Regex":
             r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"}}
    added = [
        AddedToken(END, special=True, normalized=False),
        AddedToken("<left>", lstrip=True, normalized=False),
        AddedToken("<right>", rstrip=True, normalized=False),
        AddedToken("<both>", lstrip=True, rstrip=True, special=True, normalized=False),
        AddedToken("word", single_word=True, normalized=False),
        AddedToken("<long", normalized=False), AddedToken("<longer>", normalized=False),
        AddedToken("left", normalized=True), AddedToken("a b", normalized=True),
    ]
    with_added = Tokenizer.from_str(json.dumps(base))
    with_added.add_tokens(added)
    changes = {
        "prefix space": {"pre_tokenizer": byte_level | {"add_prefix_space": True, "use_regex": True}},
        "no words": {"pre_tokenizer": byte_level | {"use_regex": False}},
        "sequence": {"pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            split, byte_level | {"use_regex": False}]}},
        "sequence of one": {"pre_tokenizer": {"type": "Sequence", "pretokenizers": [byte_level]}},
        "added tokens": {"added_tokens": json.loads(with_added.to_str())["added_tokens"]},
        "whole words": {"model": {"ignore_merges": True, "merges": base["model"]["merges"][:20]}},
        "no unknown": {"without": ["t", "Ġ", "Ã"], "model": {"merges": []}},
        "unknown": {"without": ["t", "Ġ", "Ã"], "model": {"merges": [], "unk_token": "?"}},
        "fused unknown": {"without": ["t", "Ġ", "Ã"],
                          "model": {"merges": [], "unk_token": "?", "fuse_unk": True}},
    }
    texts = [
        "", " ", "the garden", " the garden", "a word, aword word1 word", "  <left> <left>x",
        "x  <right>  <right>\n y", "a <both> b<both><both> c", "<long <longer> <longe <<longer>",
        "left a b <left>a b", END + " the" + END + "x", "é word", "étwordé t ttt", "tt  tt", "answer  ",
        "\u00a0<both>\u2003<both>z", "_word word_ (word) éword", "don't  don't", "wordword", "word",
    ]
    result = []
    for name, change in changes.items():
        changed = json.loads(json.dumps(base))
        for token in change.get("without", []):
            del changed["model"]["vocab"][token]
        changed["model"] |= change.get("model", {})
        changed |= {key: value for key, value in change.items() if key not in ("model", "without")}
        tokenizer = Tokenizer.from_str(json.dumps(changed))
        cases = [[text, tokenizer.encode(text).ids] for text in texts]
        result.append({"name": name, "change": change, "cases": cases})
    return result


def training(written, texts, **options):
    merges = json.loads(trained(texts, **options).to_str())["model"]["merges"]
    return {"texts": written} | options | {"merges": merges}


def classes():
    """Where the class of characters changes, found by what the splitting rule keeps together."""
    split = pre_tokenizers.ByteLevel(add_prefix_space=False).pre_tokenize_str
    lines, last = [], None
    for code in filter(is_encodable, range(0x110000)):
        names = (name for name, start in (("letter", "a"), ("number", "1"), ("other", "!"))
                 if len(split(start + chr(code))) == 1)
        name = next(names, "whiteSpace")
        if name != last:
            lines.append(f"{code:x} {name}")
            last = name
    return "\n".join(lines) + "\n"


def write_lines(name, values):
    lines = [json.dumps(value, separators=(",", ":")) for value in values]
    (ROOT / name).write_text("\n".join(lines) + "\n", newline="")


def main():
    ROOT.mkdir(parents=True, exist_ok=True)
    generator = random.Random(20)
    text = training_text(generator)
    (ROOT / "training.txt").write_text(text, newline="")
    tokenizer = trained([text], vocab_size=VOCABULARY, min_frequency=2)
    base = json.loads(tokenizer.to_str())
    (ROOT / "tokenizer.json").write_text(tokenizer.to_str(), newline="")
    folder = ROOT / "vocabulary-and-merges"
    folder.mkdir(exist_ok=True)
    tokenizer.model.save(str(folder))

    strings = list(SPECIAL_CASES)
    while len(strings) < 2600:
        strings.append(random_text(generator))
    strings = list(dict.fromkeys(strings))
    write_lines("encodings.jsonl", ([string, tokenizer.encode(string).ids] for string in strings))

    decodings = []
    for _ in range(300):
        ids = [generator.randrange(1, VOCABULARY) for _ in range(generator.randint(1, 6))]
        if generator.random() < 0.5:  # single bytes, so that characters are cut
            ids = [generator.randrange(95, 257) for _ in ids]
        decodings.append([ids, tokenizer.decode(ids)])
    write_lines("decodings.jsonl", decodings)
    write_lines("variants.jsonl", variants(base))

    runs = ["aaaaaaa aaaa baaab", "aa aaaaa abababab ababa", "--- ---- -----  aaaaaaaaaaaa"]
    write_lines("trainings.jsonl", [
        training(None, [text], vocab_size=100_000, min_frequency=40),
        training(runs, runs, vocab_size=300, min_frequency=1)])
    (ROOT / "classes.txt").write_text(classes(), newline="")
    print(len(strings), "strings", sum(path.stat().st_size for path in ROOT.rglob("*.*")), "bytes")


main()
