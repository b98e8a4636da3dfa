import Autograd
import LanguageModels
import Testing

@testable import Alignment

@Suite("The first tensor that is not finite")
struct NonFiniteSearchTests {
    private let sequences = Toy.examples(4).map(\.inputTokens)

    private func assign(_ value: Float, to suffix: String, in model: LanguageModel) throws {
        let parameter = try #require(
            model.parameters.parameters.first { $0.name.hasSuffix(suffix) })
        let values = [Float](repeating: value, count: parameter.count)
        model.parameters.assign(values, to: parameter)
    }

    @Test("a healthy model has none")
    func none() {
        #expect(NonFiniteSearch.firstTensor(in: .toy(), reading: sequences) == nil)
    }

    @Test("parameters come first, the lowest of them")
    func parameters() throws {
        let model = LanguageModel.toy()
        try assign(.infinity, to: "ln_f.weight", in: model)
        try assign(.nan, to: "h.0.attn.c_proj.bias", in: model)
        #expect(
            NonFiniteSearch.firstTensor(in: model, reading: sequences)?
                .hasSuffix("h.0.attn.c_proj.bias") == true)
    }

    @Test("then the layer whose output overflows, though all parameters are numbers")
    func layers() throws {
        let model = LanguageModel.toy()
        try assign(3e38, to: "h.1.mlp.c_proj.bias", in: model)
        try assign(3e38, to: "h.1.attn.c_proj.bias", in: model)
        #expect(
            NonFiniteSearch.firstTensor(in: model, reading: sequences) == "the output of layer 2")
    }

    @Test("finite gradients are not named")
    func gradients() {
        let model = LanguageModel.toy()
        let buffer = GradientBuffer(for: model.parameters)
        #expect(
            NonFiniteSearch.firstTensor(in: model, reading: sequences, gradients: buffer) == nil)
    }
}
