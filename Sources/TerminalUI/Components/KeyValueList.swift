/// Names and what they stand for, one a line, values below each other.
public struct KeyValueList: Renderable {
    let pairs: [(key: String, value: StyledLine)]

    public init(_ pairs: [(String, String)]) {
        self.init(styled: pairs.map { ($0.0, StyledLine($0.1)) })
    }

    public init(styled pairs: [(String, StyledLine)]) {
        self.pairs = pairs.map { (key: $0.0, value: $0.1) }
    }

    public func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        let widest = pairs.map { displayWidth(of: $0.key) }.max() ?? 0
        let keyWidth = min(widest, max(3, width / 2))
        return pairs.flatMap { pair -> [StyledLine] in
            let key = StyledLine(pair.key, .dim)
                .truncated(to: keyWidth, ellipsis: capabilities.ellipsis)
                .padded(to: keyWidth)
            let blank = StyledLine(String(repeating: " ", count: keyWidth))
            return pair.value.wrapped(to: max(1, width - keyWidth - 2)).enumerated().map {
                ($0.offset == 0 ? key : blank) + "  " + $0.element
            }
        }
    }
}
