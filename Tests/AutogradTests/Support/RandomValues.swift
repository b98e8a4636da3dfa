import Autograd

/// Reproducible test data: normal numbers that depend on the name alone.
func normals(_ count: Int, _ name: String, deviation: Float = 1) -> [Float] {
    var random = RandomStream(seed: 1, purpose: RandomPurpose(name))
    return (0..<count).map { _ in deviation * random.nextNormal() }
}
