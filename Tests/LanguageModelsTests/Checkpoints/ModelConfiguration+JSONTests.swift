import OrderedJSON
import Testing

@testable import LanguageModels

@Suite struct ModelConfigurationJSONTests {
    static func read(_ text: String) throws -> ModelConfiguration {
        try ModelConfiguration(json: Array(text.utf8), file: "config.json")
    }

    static func problem(_ members: String) -> LanguageModelError? {
        #expect(throws: LanguageModelError.self) {
            try read("{\"model_type\": \"gpt2\", \(members)}")
        }
    }

    static func setting(_ key: String, _ problem: SettingProblem) -> LanguageModelError {
        .setting(file: "config.json", key: key, problem)
    }

    @Test func aConfigurationOfTransformersIsRead() throws {
        let tiny = try ModelConfiguration(path: CheckpointFixture.tiny + "/config.json")
        #expect(tiny.vocabularySize == 512)
        #expect(tiny.contextLength == 64)
        #expect(tiny.width == 32)
        #expect(tiny.layerCount == 2)
        #expect(tiny.headCount == 4)
        #expect(tiny.innerWidth == 128)
        #expect(tiny.layerNormEpsilon == 1e-5)
        #expect(tiny.initializerRange == 0.2)
        #expect(tiny.endOfText == 0)
        #expect(tiny.head == .languageModel)
        let reward = try ModelConfiguration(path: CheckpointFixture.reward + "/config.json")
        #expect(reward.head == .reward)
    }

    @Test func missingSizesAreThoseOfGPT2Small() throws {
        let configuration = try Self.read("{\"model_type\": \"gpt2\"}")
        let expected = ModelConfiguration(
            vocabularySize: 50257, contextLength: 1024, width: 768, layerCount: 12, headCount: 12)
        #expect(configuration.parameterShapes.map(\.shape) == expected.parameterShapes.map(\.shape))
        #expect(configuration.endOfText == nil)
    }

    @Test func otherNamesOfTheSameSizesAreUnderstood() throws {
        let configuration = try Self.read(
            """
            {"model_type": "gpt2", "hidden_size": 8, "num_hidden_layers": 3, "n_ctx": 16,
             "num_attention_heads": 2, "n_inner": 20}
            """)
        #expect(configuration.width == 8)
        #expect(configuration.layerCount == 3)
        #expect(configuration.headCount == 2)
        #expect(configuration.contextLength == 16)
        #expect(configuration.innerWidth == 20)
        let written = try JSON(parsing: configuration.json())
        #expect(written["hidden_size"] == nil)
        #expect(written["n_embd"]?.intValue == 8)
        #expect(written["n_inner"]?.intValue == 20)
    }

    @Test func writingKeepsUnknownKeysAndIsStable() throws {
        let text = """
            {"zebra": [1, {"a": null}], "model_type": "gpt2", "n_embd": 8, "n_head": 2,
             "resid_pdrop": 0.1, "n_ctx": 9, "task_specific_params": {"x": 0.5}}
            """
        var configuration = try Self.read(text)
        configuration.contextLength = 32
        let json = try JSON(parsing: configuration.json())
        #expect(json["zebra"] == [1, ["a": nil]])
        #expect(json["resid_pdrop"] == 0.1)
        #expect(json["attn_pdrop"]?.doubleValue == 0)
        #expect(json["n_ctx"]?.intValue == 32)
        #expect(json["n_positions"]?.intValue == 32)
        #expect(json.objectValue?.keys.first == "zebra")
        let again = try ModelConfiguration(json: configuration.json(), file: "config.json")
        #expect(again.json() == configuration.json())
        #expect(again.parameterShapes.map(\.shape) == configuration.parameterShapes.map(\.shape))
    }

    @Test func aRewardModelIsWrittenAsAClassifierOfOneLabel() throws {
        var configuration = CheckpointFixture.smallest
        configuration.endOfText = 2
        configuration.head = .reward
        let json = try JSON(parsing: configuration.json())
        #expect(json["architectures"] == ["GPT2ForSequenceClassification"])
        #expect(json["id2label"] == ["0": "LABEL_0"])
        #expect(json["pad_token_id"] == .null)
        let back = try ModelConfiguration(json: configuration.json(), file: "")
        #expect(back.head == .reward)
        configuration = back
        configuration.head = .languageModel
        let policy = try JSON(parsing: configuration.json())
        #expect(policy["architectures"] == ["GPT2LMHeadModel"])
        #expect(policy["id2label"] == nil)
    }

    @Test(arguments: [
        ("n_embd", "0", "1 to 16777216", "0"), ("n_layer", "-3", "1 to 4096", "-3"),
        ("vocab_size", "99999999999", "1 to 16777216", "99999999999"),
        ("n_head", "5", "a divisor of n_embd, 768", "5"),
        ("layer_norm_epsilon", "0", "between 0 and 1", "0.0"),
        ("initializer_range", "-1", "0 or more", "-1.0"),
    ])
    func sizesOutOfRangeAreRefused(
        key: String, value: String, expected: String, found: String
    ) {
        #expect(
            Self.problem("\"\(key)\": \(value)")
                == Self.setting(key, .outOfRange(expected: expected, found: found)))
    }

    @Test(arguments: [
        (
            "\"activation_function\": \"relu\"", "activation_function", "relu",
            "gelu_new or gelu_pytorch_tanh"
        ),
        ("\"tie_word_embeddings\": false", "tie_word_embeddings", "false", "true"),
        ("\"scale_attn_weights\": false", "scale_attn_weights", "false", "true"),
        (
            "\"scale_attn_by_inverse_layer_idx\": true", "scale_attn_by_inverse_layer_idx", "true",
            "false"
        ),
        ("\"add_cross_attention\": true", "add_cross_attention", "true", "false"),
        (
            "\"quantization_config\": {}", "quantization_config", "an object",
            "weights that are not quantized"
        ),
        (
            "\"architectures\": [\"GPT2ForTokenClassification\"]", "architectures",
            "GPT2ForTokenClassification", "GPT2LMHeadModel or GPT2ForSequenceClassification"
        ),
        (
            #""architectures": ["GPT2ForSequenceClassification"], "num_labels": 3"#,
            "num_labels", "3 labels", "1 label"
        ),
        (
            #""architectures": ["GPT2ForSequenceClassification"], "id2label": {"0": "", "1": ""}"#,
            "id2label", "2 labels", "1 label"
        ),
    ])
    func whatCannotBeHonouredIsRefused(
        members: String, key: String, found: String, supported: String
    ) {
        #expect(
            Self.problem(members)
                == Self.setting(key, .unsupported(found: found, supported: supported)))
    }

    @Test func otherModelsAreRefused() {
        #expect(throws: Self.setting("model_type", .missing)) { try Self.read("{}") }
        let llama = SettingProblem.unsupported(found: "llama", supported: "gpt2")
        #expect(throws: Self.setting("model_type", llama)) {
            try Self.read("{\"model_type\": \"llama\"}")
        }
        let wrong = SettingProblem.wrongKind(expected: "an integer", found: "a string")
        #expect(Self.problem("\"n_embd\": \"768\"") == Self.setting("n_embd", wrong))
    }
}
