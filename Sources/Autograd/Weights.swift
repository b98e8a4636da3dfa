/// The parameters of a model as one forward pass sees them: plain, or recorded on a tape.
public struct Weights {
    public let parameters: ParameterSet
    /// The precision of products with these weights.
    public let precision: Precision
    private let packed: PackedWeights?
    private let sharing: ParallelPlan?
    private let recording: Recording?

    /// Weights to compute with, no gradients.
    public init(_ parameters: ParameterSet, precision: Precision = .f32) {
        self.parameters = parameters
        self.precision = precision
        packed = nil
        sharing = nil
        recording = nil
    }

    /// Weights to compute with from panels that were made before, no gradients.
    ///
    /// - Parameter sharing: The threads that share each product; none for the calling one alone.
    public init(_ packed: PackedWeights, sharing: ParallelPlan? = nil) {
        parameters = packed.parameters
        precision = packed.precision
        self.packed = packed
        self.sharing = sharing
        recording = nil
    }

    /// Weights whose gradients are written to `gradients`, from flat offset `firstTrainable`
    /// upwards; parameters below it are frozen and cost nothing on the way back.
    ///
    /// - Parameter packed: Panels of the same parameters for products in their precision.
    public init(
        _ parameters: ParameterSet, tape: Tape, gradients: GradientBuffer, firstTrainable: Int = 0,
        packed: PackedWeights? = nil
    ) {
        self.parameters = parameters
        precision = packed?.precision ?? .f32
        self.packed = packed
        sharing = nil
        recording = Recording(tape: tape, gradients: gradients, firstTrainable: firstTrainable)
    }

    /// The parameter's values.
    public subscript(parameter: Parameter) -> Tensor {
        var values = parameters[parameter]
        values.form = packed?.form(of: parameter)
        if values.form == nil && precision != .f32 {
            values.form = ProductForm(precision: precision)
        }
        if let sharing { values.form?.sharing = sharing }
        guard let recording, parameter.offset >= recording.firstTrainable else { return values }
        return recording.watched(parameter, values)
    }

    /// Sets the gradients of all parameters to 0 that the backward pass did not reach.
    func clearUntouchedGradients() { recording?.clearUntouched(parameters) }

    /// The parameters seen by one tape, each watched once.
    private final class Recording {
        let tape: Tape
        let gradients: GradientBuffer
        let firstTrainable: Int
        private var watchedByOffset: [Int: Tensor] = [:]

        init(tape: Tape, gradients: GradientBuffer, firstTrainable: Int) {
            self.tape = tape
            self.gradients = gradients
            self.firstTrainable = firstTrainable
        }

        func watched(_ parameter: Parameter, _ values: Tensor) -> Tensor {
            if let known = watchedByOffset[parameter.offset] { return known }
            let tensor = tape.watch(values, writingGradientTo: gradients[parameter])
            watchedByOffset[parameter.offset] = tensor
            return tensor
        }

        func clearUntouched(_ set: ParameterSet) {
            for parameter in set.parameters where parameter.offset >= firstTrainable {
                if let node = watchedByOffset[parameter.offset]?.node, !tape.isUntouched(node) {
                    continue
                }
                gradients.clear(parameter)
            }
        }
    }
}
