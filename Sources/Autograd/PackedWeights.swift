/// How a weight enters products: its precision and, where they were made, its panels.
struct ProductForm {
    var precision: Precision
    /// The right operand of the forward product.
    var panels: PackedMatrix?
    /// The right operand of the product that gives the gradient of the input.
    var backwardPanels: PackedMatrix?
    /// Threads that cut the columns of a product among them; its bits do not depend on it.
    var sharing: ParallelPlan?
}

/// Weights of a model packed for products, once for a generation or once for an optimizer step.
///
/// Generation reads every weight once a token: panels stream from memory at its full rate. In bf16 a
/// step's products read weights that were rounded once, not once a shard.
public final class PackedWeights {
    /// How a matrix is used.
    public enum Use: Sendable {
        /// x · W with W `[inputs, outputs]`.
        case map
        /// x · Wᵀ with W `[outputs, inputs]`: a token table as output head.
        case table
    }

    public let parameters: ParameterSet
    public let precision: Precision
    /// Whether low-rank updates are part of the panels: a product with them needs nothing beside.
    public let includesUpdates: Bool
    private let parts: [Part]
    /// The parts that are packed as they are, cut for threads to share; the others have updates to be
    /// merged first.
    private let pieces: [Piece]
    private let formByOffset: [Int: ProductForm]
    /// Parameters below this flat offset never change, so they are packed once.
    private let firstTrainable: Int
    private var isFilled = false

    private struct Part {
        let parameter: Parameter
        let panels: PackedMatrix
        let isTransposed: Bool
    }

    /// Makes the panels of forward products alone, low-rank updates merged into them.
    ///
    /// - Parameter uses: The matrices, and how each enters products.
    public convenience init(
        _ parameters: ParameterSet, uses: [(Parameter, Use)], precision: Precision,
        plan: ParallelPlan
    ) {
        self.init(
            parameters, uses: uses, precision: precision, firstTrainable: 0, includesUpdates: true
        ) { _, _ in
            (forward: true, backward: false)
        }
        refresh(plan)
    }

    /// Makes the panels that a training step gains from; ``refresh(_:)`` fills them.
    ///
    /// In f32 these are the matrices that would have to be turned round by every shard; in bf16
    /// all, since they are rounded in packing.
    ///
    /// - Parameters:
    ///   - firstTrainable: Parameters below this flat offset stay as they are.
    ///   - firstPassed: No gradient passes through matrices below this flat offset; nil is
    ///     `firstTrainable`.
    public convenience init(
        forTraining parameters: ParameterSet, uses: [(Parameter, Use)], precision: Precision,
        firstTrainable: Int, firstPassed: Int? = nil
    ) {
        let firstPassed = firstPassed ?? firstTrainable
        self.init(
            parameters, uses: uses, precision: precision, firstTrainable: firstTrainable,
            includesUpdates: false
        ) { parameter, use in
            Self.trainingPanels(
                use, precision: precision, isTrainable: parameter.offset >= firstPassed)
        }
    }

    /// The panels of a matrix that a training step gains from.
    private static func trainingPanels(
        _ use: Use, precision: Precision, isTrainable: Bool
    ) -> (forward: Bool, backward: Bool) {
        let isBackward = isTrainable || use == .table
        switch (precision, use) {
        case (.bf16, _): return (forward: true, backward: isBackward)
        case (.f32, .map): return (forward: false, backward: isBackward)
        case (.f32, .table): return (forward: true, backward: false)
        }
    }

    /// Bytes of memory that the panels of a matrix take.
    ///
    /// - Parameters:
    ///   - shape: The matrix as it is stored.
    ///   - isTrainable: Whether a gradient passes through it; nil is generation, which has forward
    ///     products alone.
    public static func panelMemory(
        shape: (rows: Int, columns: Int), use: Use, precision: Precision, isTrainable: Bool?
    ) -> Int {
        let wanted =
            isTrainable.map { trainingPanels(use, precision: precision, isTrainable: $0) }
            ?? (forward: true, backward: false)
        func memory(turned: Bool) -> Int {
            PackedMatrix.memory(
                inner: turned ? shape.columns : shape.rows,
                columns: turned ? shape.rows : shape.columns, precision: precision)
        }
        return (wanted.forward ? memory(turned: use == .table) : 0)
            + (wanted.backward ? memory(turned: use == .map) : 0)
    }

    private init(
        _ parameters: ParameterSet, uses: [(Parameter, Use)], precision: Precision,
        firstTrainable: Int, includesUpdates: Bool,
        wanted: (Parameter, Use) -> (forward: Bool, backward: Bool)
    ) {
        self.parameters = parameters
        self.precision = precision
        self.firstTrainable = firstTrainable
        self.includesUpdates = includesUpdates
        var parts: [Part] = []
        var forms: [Int: ProductForm] = [:]
        for (parameter, use) in uses {
            func panels(turned: Bool) -> PackedMatrix {
                let panels = PackedMatrix(
                    inner: parameter.shape[turned ? 1 : 0],
                    columns: parameter.shape[turned ? 0 : 1], precision: precision)
                parts.append(Part(parameter: parameter, panels: panels, isTransposed: turned))
                return panels
            }
            let wanted = wanted(parameter, use)
            var form = ProductForm(precision: precision)
            if wanted.forward { form.panels = panels(turned: use == .table) }
            if wanted.backward { form.backwardPanels = panels(turned: use == .map) }
            forms[parameter.offset] = form
        }
        self.parts = parts
        formByOffset = forms
        pieces = Self.pieces(
            of: parts.filter {
                !includesUpdates || parameters.updatePlace(of: $0.parameter) == nil
            })
    }

    /// Packs the parameters' present values; those that never change are packed the first time.
    public func refresh(_ plan: ParallelPlan) {
        let isFirst = !isFilled
        isFilled = true
        let firstDue = isFirst ? 0 : firstTrainable
        plan.run(pieces.count, Packing(pieces: pieces, firstDue: firstDue, parameters: parameters))
        // One at a time: a merged matrix is a copy that is needed for its packing alone.
        guard includesUpdates else { return }
        for part in parts where part.parameter.offset >= firstDue {
            guard parameters.updatePlace(of: part.parameter) != nil else { continue }
            let merged = parameters.merged(part.parameter)
            let pieces = Self.pieces(of: [part])
            plan.forEach(pieces.count) { pieces[$0].pack(merged) }
        }
    }

    /// Some panels of a part.
    private struct Piece {
        let part: Part
        let panels: Range<Int>

        func pack(_ values: Tensor) {
            part.panels.pack(values, transposed: part.isTransposed, panels: panels)
        }
    }

    /// Packing the present values of all pieces from a flat offset on.
    private struct Packing: SharedWork {
        let pieces: [Piece]
        let firstDue: Int
        let parameters: ParameterSet

        func run(_ index: Int) {
            let parameter = pieces[index].part.parameter
            if parameter.offset >= firstDue { pieces[index].pack(parameters[parameter]) }
        }
    }

    private static func pieces(of parts: [Part]) -> [Piece] {
        parts.flatMap { part in
            stride(from: 0, to: part.panels.panelCount, by: 16).map { first in
                Piece(part: part, panels: first..<min(part.panels.panelCount, first + 16))
            }
        }
    }

    /// Bytes of all panels: with forward panels alone, what a decoding step reads.
    public var byteCount: Int { parts.reduce(0) { $0 + $1.panels.byteCount } }

    func form(of parameter: Parameter) -> ProductForm? { formByOffset[parameter.offset] }
}
