"""Values and gradients of every operation of the engine, from PyTorch in float64.

Writes Fixtures/operations/operations.json. Each case gives inputs, outputs, the upstream gradient
of each output, and the gradient of the sum of outputs times upstream with respect to each input.
"""

import math

import torch
import torch.nn.functional as F

from writing import FIXTURES, numbers, single, tensor, write_json

SIZES = [1, 15, 17, 33]
generator = torch.Generator().manual_seed(20_240_601)
cases = []
single_precision_errors = {}


def normal(*shape, scale=1.0):
    return single(scale * torch.randn(shape, generator=generator, dtype=torch.float64))


def case(name, operation, inputs, compute, settings=None, constants=()):
    """Records one case; `compute` gets the inputs by name and returns {output name: tensor}."""
    leaves = {
        key: value.clone().requires_grad_(key not in constants) for key, value in inputs.items()
    }
    outputs = compute(**leaves)
    upstream = {key: normal(*value.shape) for key, value in outputs.items()}
    if len(constants) < len(inputs):
        sum((value * upstream[key]).sum() for key, value in outputs.items()).backward()
    note_single_precision(operation, leaves, upstream, outputs, compute)
    cases.append({
        "name": name,
        "operation": operation,
        "settings": settings or {},
        "inputs": {key: tensor(value) for key, value in inputs.items()},
        "outputs": {key: tensor(value) for key, value in outputs.items()},
        "upstream": {key: tensor(value) for key, value in upstream.items()},
        "gradients": {
            key: tensor(leaf.grad) for key, leaf in leaves.items() if key not in constants
        },
    })


def note_single_precision(operation, leaves, upstream, outputs, compute):
    """Remembers how far PyTorch's own float32 is from the reference: the floor of a tolerance."""
    rounded = {key: leaf.detach().float().requires_grad_(leaf.requires_grad)
               for key, leaf in leaves.items()}
    results = compute(**rounded)
    if any(leaf.requires_grad for leaf in leaves.values()):
        sum((value * upstream[key].float()).sum() for key, value in results.items()).backward()
    couples = [(results[key], outputs[key]) for key in outputs]
    couples += [(rounded[key].grad, leaf.grad) for key, leaf in leaves.items()
                if leaf.requires_grad]
    for found, exact in couples:
        if exact.numel() == 0:
            continue
        error = ((found - exact).abs() / (1e-2 + exact.abs())).max().item()
        worst = single_precision_errors.get(operation, 0.0)
        single_precision_errors[operation] = max(worst, error)


def gelu_new(x):
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def linears():
    for rows, inputs, outputs in [(1, 1, 1), (1, 33, 17), (15, 17, 33), (17, 33, 1), (33, 15, 15)]:
        sizes = f"{rows}x{inputs}x{outputs}"
        given = {
            "x": normal(rows, inputs),
            "weight": normal(inputs, outputs, scale=0.5),
            "bias": normal(outputs),
        }
        case(f"linear {sizes}", "linear", given,
             lambda x, weight, bias: {"y": x @ weight + bias})
        case(f"linear gelu {sizes}", "linear_gelu", given,
             lambda x, weight, bias: {"y": F.gelu(x @ weight + bias, approximate="tanh")})
        case(f"linear residual {sizes}", "linear_residual",
             given | {"residual": normal(rows, outputs)},
             lambda x, weight, bias, residual: {"y": x @ weight + bias + residual})
    for rows, width in [(1, 1), (15, 17), (17, 33)]:
        case(f"scalar head {rows}x{width}", "scalar_head",
             {"x": normal(rows, width), "weight": normal(1, width), "bias": normal(1)},
             lambda x, weight, bias: {"y": (x @ weight.T + bias).squeeze(1)})


def gelu():
    for size in SIZES:
        x = normal(size, scale=3)
        if size == 33:
            x[:9] = single([0, -0.0, 1e-6, -1e-6, 10, -10, 30, -30, -0.7517916])
        assert torch.allclose(gelu_new(x), F.gelu(x, approximate="tanh"), atol=1e-12, rtol=1e-12)
        case(f"gelu {size}", "gelu", {"x": x}, lambda x: {"y": gelu_new(x)})


def layer_norm():
    for rows, width in [(1, 1), (1, 33), (15, 17), (17, 15), (33, 33)]:
        x = normal(rows, width, scale=2)
        if rows > 3:
            # Rows whose variance is far below, near and above epsilon, and one far from 0.
            x[0] = single(0.5 + 1e-4 * x[0])
            x[1] = single(3e-3 * x[1])
            x[2] = 0.25
            x[3] = single(100 + x[3])
        case(f"layer norm {rows}x{width}", "layer_norm",
             {"x": x, "weight": single(1 + normal(width, scale=0.3)), "bias": normal(width)},
             lambda x, weight, bias: {"y": F.layer_norm(x, x.shape[-1:], weight, bias, 1e-5)},
             {"epsilon": 1e-5})


def attention():
    def compute(qkv, lengths, heads):
        results, first = [], 0
        for length in lengths:
            part = qkv[first:first + length]
            q, k, v = (p.reshape(length, heads, -1).transpose(0, 1) for p in part.chunk(3, dim=1))
            scores = q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])
            hidden = torch.ones(length, length, dtype=torch.bool).triu(1)
            mixed = scores.masked_fill(hidden, -math.inf).softmax(-1) @ v
            library = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            assert torch.allclose(mixed, library, atol=1e-12 if q.dtype is torch.float64 else 1e-5)
            results.append(mixed.transpose(0, 1).reshape(length, -1))
            first += length
        return torch.cat(results)

    shapes = [
        ([1], 1, 1), ([1, 15, 17, 33], 3, 5), ([33, 1, 17], 3, 8), ([1, 1, 2], 3, 8),
        ([131], 1, 5), ([9, 5], 2, 16),
    ]
    for lengths, heads, size in shapes:
        tokens = sum(lengths)
        joined = "+".join(map(str, lengths))
        case(f"attention {joined} heads {heads} size {size}", "causal_attention",
             {"qkv": normal(tokens, 3 * heads * size, scale=1.5)},
             lambda qkv: {"y": compute(qkv, lengths, heads)},
             {"lengths": lengths, "heads": heads, "headSize": size})


def embedding():
    for lengths, vocabulary, positions, width in [([1], 1, 1, 1), ([5, 1, 9], 33, 17, 15)]:
        tokens = torch.randint(vocabulary, (sum(lengths),), generator=generator)
        if len(tokens) > 3:
            tokens[3] = tokens[0]
        places = [place for length in lengths for place in range(length)]
        case(f"embedding {sum(lengths)}x{width}", "embedding",
             {"tokenTable": normal(vocabulary, width), "positionTable": normal(positions, width)},
             lambda tokenTable, positionTable: {"y": tokenTable[tokens] + positionTable[places]},
             {"tokens": tokens.tolist(), "positions": places, "lengths": lengths})
    for rows, width, indices in [
        (1, 1, [0]), (17, 15, [16, 0, 3, 3, 9]), (33, 33, [5, 4, 3, 5, 5]),
    ]:
        case(f"rows {rows}x{width}", "rows", {"x": normal(rows, width)},
             lambda x: {"y": x[indices]}, {"indices": indices})
    for count, indices in [(1, [0]), (33, [32, 0, 7, 7])]:
        case(f"elements {count}", "elements", {"x": normal(count)},
             lambda x: {"y": x[indices]}, {"indices": indices})


def token_head():
    # `scale` is the deviation of the logits; 40 makes probabilities underflow.
    shapes = [
        (1, 1, 1, 1, 1.0), (15, 17, 33, 1, 1.0), (17, 15, 257, 0.7, 1.0), (15, 15, 257, 40, 1.0),
        (33, 5, 33, 40, 1.0), (150, 5, 33, 2, 1.0), (17, 5, 33, 2, 1.7),
    ]
    for rows, width, vocabulary, scale, temperature in shapes:
        hidden = normal(rows, width)
        table = normal(vocabulary, width, scale=scale / math.sqrt(width))
        targets = torch.randint(vocabulary, (rows,), generator=generator)
        if scale > 10:
            likely = (hidden @ table.T).argmax(1)
            targets[::2] = likely[::2]
        weights = single(torch.rand(rows, generator=generator, dtype=torch.float64) / rows)
        weights[rows // 2] = 0
        every = torch.arange(rows)
        sizes = f"{rows}x{width} vocabulary {vocabulary} scale {scale}"

        def log_softmax(hidden, table):
            return torch.log_softmax(hidden @ table.T / temperature, 1)

        def both(hidden, table):
            logs = log_softmax(hidden, table)
            return {"logProbabilities": logs[every, targets],
                    "entropies": -(logs.exp() * logs).sum(1)}

        settings = {"targets": targets.tolist(), "temperature": temperature}
        given = {"hidden": hidden, "table": table}
        case(f"log-probabilities and entropies {sizes}", "token_log_probabilities", given, both,
             settings)
        if rows <= 33 and vocabulary == 33:
            case(f"log-probabilities {sizes}", "token_log_probabilities", given,
                 lambda hidden, table: {
                     "logProbabilities": log_softmax(hidden, table)[every, targets]},
                 settings)
        if temperature == 1 and (vocabulary < 257 or scale > 10):
            case(f"cross-entropy {sizes}", "cross_entropy", given,
                 lambda hidden, table: {"loss": -(
                     weights.to(hidden.dtype) * log_softmax(hidden, table)[every, targets]).sum()},
                 {"targets": targets.tolist(), "weights": numbers(weights)})


def elementwise():
    for size in SIZES:
        a, b = normal(size, scale=2), normal(size, scale=2)
        if size > 1:
            b[1] = a[1]  # a tie: minimum and maximum share the gradient
        pair = {"a": a, "b": b}
        case(f"add {size}", "add", pair, lambda a, b: {"y": a + b})
        case(f"subtract {size}", "subtract", pair, lambda a, b: {"y": a - b})
        case(f"multiply {size}", "multiply", pair, lambda a, b: {"y": a * b})
        case(f"minimum {size}", "minimum", pair, lambda a, b: {"y": torch.minimum(a, b)})
        case(f"maximum {size}", "maximum", pair, lambda a, b: {"y": torch.maximum(a, b)})
        case(f"multiply with itself {size}", "multiply_self", {"a": a}, lambda a: {"y": a * a})

        x = normal(size, scale=2)
        one = {"x": x}
        case(f"scale {size}", "scale", one, lambda x: {"y": -0.375 * x}, {"factor": -0.375})
        case(f"add number {size}", "add_number", one, lambda x: {"y": x + 0.625}, {"number": 0.625})
        case(f"square {size}", "square", one, lambda x: {"y": x * x})
        case(f"sum {size}", "sum", one, lambda x: {"y": x.sum()})
        case(f"mean {size}", "mean", one, lambda x: {"y": x.mean()})
        weights = single(torch.rand(size, generator=generator, dtype=torch.float64))
        if size > 1:
            weights[size // 2] = 0
        case(f"weighted sum {size}", "weighted_sum", one,
             lambda x: {"y": (weights.to(x.dtype) * x).sum()}, {"weights": numbers(weights)})

        wide = normal(size, scale=8)
        case(f"exp {size}", "exp", {"x": wide}, lambda x: {"y": x.exp()})
        far = wide.clone()
        if size > 4:
            far[:5] = single([0, 100, -100, 1e-3, 700])
        case(f"log-sigmoid {size}", "log_sigmoid", {"x": far}, lambda x: {"y": F.logsigmoid(x)})

        ratios = single((0.3 * x).exp())
        if size > 1:
            ratios[:2] = single([0.75, 1.25])  # exactly on the bounds: the gradient passes
        case(f"clip {size}", "clip", {"x": ratios}, lambda x: {"y": x.clamp(0.75, 1.25)},
             {"lower": 0.75, "upper": 1.25})
        center = single(x + normal(size, scale=0.4))
        case(f"clip around {size}", "clip_around", {"x": x, "center": center},
             lambda x, center: {"y": torch.clamp(x, center - 0.25, center + 0.25)},
             {"distance": 0.25}, constants=("center",))


def extremes():
    """What a bad step, an untrained model or an empty answer brings about."""
    # Logits of ten thousand and more: all probability is on one token, or on none that is wanted.
    for rows, width, vocabulary in [(5, 5, 17), (17, 15, 33)]:
        hidden = normal(rows, width)
        table = normal(vocabulary, width, scale=1e4)
        targets = torch.randint(vocabulary, (rows,), generator=generator)
        likely = (hidden @ table.T).argmax(1)
        targets[::2] = likely[::2]
        every = torch.arange(rows)
        given = {"hidden": hidden, "table": table}

        def log_softmax(hidden, table):
            return torch.log_softmax(hidden @ table.T, 1)

        def both(hidden, table):
            logs = log_softmax(hidden, table)
            return {"logProbabilities": logs[every, targets],
                    "entropies": -(logs.exp() * logs).sum(1)}

        sizes = f"{rows}x{width} vocabulary {vocabulary} logits of 1e4"
        case(f"log-probabilities and entropies {sizes}", "token_log_probabilities", given, both,
             {"targets": targets.tolist(), "temperature": 1.0})
        for kind, weights in [
            ("", single(torch.full((rows,), 1 / rows, dtype=torch.float64))),
            (" every row masked", torch.zeros(rows, dtype=torch.float64)),
        ]:
            case(f"cross-entropy {sizes}{kind}", "cross_entropy", given,
                 lambda hidden, table: {"loss": -(
                     weights.to(hidden.dtype) * log_softmax(hidden, table)[every, targets]).sum()},
                 {"targets": targets.tolist(), "weights": numbers(weights)})

    # An answer without a token: no row at all.
    given = {"hidden": normal(0, 15), "table": normal(33, 15)}
    case("cross-entropy of no row", "cross_entropy", given,
         lambda hidden, table: {"loss": (hidden @ table.T).sum()}, {"targets": [], "weights": []})
    case("log-probabilities of no row", "token_log_probabilities", given,
         lambda hidden, table: {"logProbabilities": (hidden @ table.T).sum(1)},
         {"targets": [], "temperature": 1.0})
    case("rows: none", "rows", {"x": normal(17, 15)}, lambda x: {"y": x[[]]}, {"indices": []})
    case("elements: none", "elements", {"x": normal(17)}, lambda x: {"y": x[[]]}, {"indices": []})

    # Scores of ten thousand between queries and keys, sequences of one token among the others.
    def attention(qkv, lengths, heads):
        results, first = [], 0
        for length in lengths:
            q, k, v = (p.reshape(length, heads, -1).transpose(0, 1)
                       for p in qkv[first:first + length].chunk(3, dim=1))
            results.append(F.scaled_dot_product_attention(q, k, v, is_causal=True)
                           .transpose(0, 1).reshape(length, -1))
            first += length
        return torch.cat(results)

    for lengths, heads, size, scale in [([1, 17, 1, 15], 1, 11, 60.0), ([33, 1], 3, 1, 100.0)]:
        joined = "+".join(map(str, lengths))
        qkv = normal(sum(lengths), 3 * heads * size)
        qkv[:, :2 * heads * size] *= scale
        qkv = single(qkv)
        case(f"attention {joined} heads {heads} size {size} scores of 1e4", "causal_attention",
             {"qkv": qkv}, lambda qkv: {"y": attention(qkv, lengths, heads)},
             {"lengths": lengths, "heads": heads, "headSize": size})

    # Rows whose variance is next to nothing, or enormous.
    for width in SIZES[1:]:
        x = normal(4, width)
        x[0] = single(1e-7 * x[0])
        x[1] = single(0.03125 + 2.0**-20 * x[1])
        x[2] = single(1e6 * x[2])
        case(f"layer norm 4x{width} extreme variances", "layer_norm",
             {"x": x, "weight": single(1 + normal(width, scale=0.3)), "bias": normal(width)},
             lambda x, weight, bias: {"y": F.layer_norm(x, x.shape[-1:], weight, bias, 1e-5)},
             {"epsilon": 1e-5})

    case("exp of extremes", "exp", {"x": single([-1e4, -200, -100, -88, -1, 0, 1, 2])},
         lambda x: {"y": x.exp()})
    case("log-sigmoid of extremes", "log_sigmoid", {"x": single([1e4, -1e4, 88, -88, 40, -40, 17])},
         lambda x: {"y": F.logsigmoid(x)})
    case("gelu of extremes", "gelu", {"x": single([1e4, -1e4, 100, -100, 6, -6, 12, -12, 1e-30])},
         lambda x: {"y": gelu_new(x)})


def forward_only():
    for size in SIZES:
        case(f"negate {size}", "negate", {"x": normal(size)}, lambda x: {"y": -x})
    for rows, width, vocabulary in [(1, 1, 1), (15, 17, 33), (5, 15, 97)]:
        case(f"logits {rows}x{width} vocabulary {vocabulary}", "logits",
             {"hidden": normal(rows, width), "table": normal(vocabulary, width)},
             lambda hidden, table: {"y": hidden @ table.T}, constants=("hidden", "table"))


def later():
    """Last, so that the numbers of the cases before stay as they were."""
    for lengths in ([3, 0, 17, 1], [5], []):
        case(f"segment sums {lengths}", "segment_sums", {"x": normal(sum(lengths))},
             lambda x, lengths=lengths: {
                 "y": torch.stack([part.sum() for part in x.split(lengths)]) if lengths else x},
             {"lengths": lengths})
    # What a low-rank adapter adds to a map comes before the map's GELU.
    case("linear GELU after a residual", "linear_gelu_residual",
         {"x": normal(9, 33), "weight": normal(33, 17), "bias": normal(17),
          "residual": normal(9, 17)},
         lambda x, weight, bias, residual: {
             "y": F.gelu(x @ weight + bias + residual, approximate="tanh")})
    for size in SIZES:
        x = single(-0.01 - normal(size).abs())
        case(f"log-odds {size}", "log_odds", {"x": x}, lambda x: {"y": torch.logit(x.exp())})
    for rows, inputs, rank, outputs in [(1, 1, 1, 1), (15, 17, 3, 33), (33, 15, 8, 17)]:
        sizes = f"{rows}x{inputs}x{rank}x{outputs}"
        given = {"x": normal(rows, inputs), "down": normal(inputs, rank, scale=0.5),
                 "up": normal(rank, outputs, scale=0.5)}
        case(f"low rank {sizes}", "low_rank_product", given,
             lambda x, down, up: {"y": 0.75 * (x @ down @ up)}, {"factor": 0.75})
        case(f"low rank with a residual {sizes}", "low_rank_residual",
             given | {"residual": normal(rows, outputs)},
             lambda x, down, up, residual: {"y": residual + 0.75 * (x @ down @ up)},
             {"factor": 0.75})
    for lengths in ([3, 17, 1], [5]):
        x = normal(sum(lengths), scale=4)
        x[0] = 90.0
        case(f"log of sums {lengths}", "log_sums", {"x": x},
             lambda x, lengths=lengths: {
                 "y": torch.stack([part.logsumexp(0) for part in x.split(lengths)])},
             {"lengths": lengths})


linears()
gelu()
layer_norm()
attention()
embedding()
token_head()
elementwise()
extremes()
forward_only()
later()
assert len({item["name"] for item in cases}) == len(cases)
write_json(FIXTURES / "operations" / "operations.json",
           {"torch": torch.__version__.split("+")[0], "cases": cases})
for operation, error in single_precision_errors.items():
    print(f"  {operation}: float32 is off by {error:.0e} of (0.01 + |value|)")
