import Alignment
import ArgumentParser

/// The options of DPO beyond those of all recipes.
struct DPOArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The loss: sigmoid, smoothed, robust, ipo, hinge, length-normalized, apo-zero or "
                + "apo-down.", valueName: "NAME"))
    var loss = Form.sigmoid

    @Option(help: ArgumentHelp("β: how strongly the reference holds.", valueName: "X"))
    var beta: Float = 0.1

    @Option(
        help: ArgumentHelp(
            "Share ε of pairs taken to be the wrong way round, for smoothed and robust (default: "
                + "0.1).", valueName: "X"))
    var labelSmoothing: Float?

    @Option(
        help: ArgumentHelp(
            "Weight of the chosen answers' cross-entropy; 0 leaves it out.", valueName: "X"))
    var sftCoefficient: Float = 0

    /// The names of the losses, without what they are given.
    enum Form: String, ExpressibleByArgument, CaseIterable {
        case sigmoid, smoothed, robust, ipo, hinge
        case lengthNormalized = "length-normalized"
        case apoZero = "apo-zero"
        case apoDown = "apo-down"
    }

    func validate() throws {
        if !(beta > 0 && beta.isFinite) { throw ValidationError("--beta is above 0") }
        if !(sftCoefficient >= 0 && sftCoefficient.isFinite) {
            throw ValidationError("--sft-coefficient is at least 0")
        }
        guard let labelSmoothing else { return }
        guard loss == .smoothed || loss == .robust else {
            throw ValidationError(
                "--label-smoothing belongs to --loss smoothed or robust, not to \(loss.rawValue)")
        }
        if !(0..<0.5).contains(labelSmoothing) {
            throw ValidationError("--label-smoothing is at least 0 and below 0.5")
        }
    }

    var preferenceLoss: PreferenceLoss { loss.preferenceLoss(noise: labelSmoothing ?? 0.1) }
}

extension DPOArguments.Form {
    /// - Parameter noise: The share of pairs that are the wrong way round, where the loss wants it.
    func preferenceLoss(noise: Float) -> PreferenceLoss {
        switch self {
        case .sigmoid: .sigmoid
        case .smoothed: .smoothed(noise: noise)
        case .robust: .robust(noise: noise)
        case .ipo: .ipo
        case .hinge: .hinge
        case .lengthNormalized: .lengthNormalized
        case .apoZero: .apoZero
        case .apoDown: .apoDown
        }
    }
}
