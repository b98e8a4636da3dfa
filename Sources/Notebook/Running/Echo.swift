import TerminalUI

/// A cell that nobody typed just now, shown as if it stood at the prompt.
struct Echo: Renderable {
    let number: Int
    let source: String

    func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        let prompt = StyledLine("[\(number)]> ", .prompt)
        let indent = prompt.displayWidth
        return source.split(separator: "\n").enumerated().flatMap { index, text in
            StyledLine(String(text), .strong).wrapped(to: max(1, width - indent)).enumerated().map {
                let isFirst = index == 0 && $0.offset == 0
                return (isFirst ? prompt : StyledLine(String(repeating: " ", count: indent)))
                    + $0.element
            }
        }
    }
}
