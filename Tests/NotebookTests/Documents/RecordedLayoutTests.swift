import TerminalUI
import Testing

@testable import Notebook

@Suite struct RecordedLayoutTests {
    private func layouts(_ renderable: any Renderable) -> [RecordedLayout] {
        RecordedLayout.blocks(of: renderable.text(capabilities: Console.recorded))
    }

    @Test func `tables are read back`() {
        let table = Table(
            headers: ["", "policy", "sft"],
            rows: [
                ["mean score", "4.78", "-0.149"], ["KL, nats", "4.38", ""], ["日本 語", "1", "2"],
            ])
        #expect(
            layouts(table) == [
                .table(
                    columns: ["", "policy", "sft"], isNumeric: [false, true, true],
                    rows: [
                        ["mean score", "4.78", "-0.149"], ["KL, nats", "4.38", ""],
                        ["日本 語", "1", "2"],
                    ])
            ])
    }

    @Test func `names and values are read back, long values joined`() {
        let long =
            "What a silly question. Just do what feels right. It may take a few weeks to work."
        let list = KeyValueList([("prompt", "Why?"), ("completion", " " + long), ("n", "4,800")])
        #expect(
            layouts(list) == [
                .pairs([["prompt", "Why?"], ["completion", long], ["n", "4,800"]])
            ])
    }

    @Test func `completions side by side are read back`() {
        let first = "Of course, let us see. Drink your last coffee before lunch. It helps│."
        let second = "I am happy to help.\n日本語の答え。"
        let compare = Stack([
            Paragraph("Question: How? Answer:"),
            SideBySide(
                left: TextBox(title: "sft  (gold 1.0)", text: first),
                right: TextBox(title: "policy", text: second)),
        ])
        #expect(
            layouts(compare) == [
                .paragraph("Question: How? Answer:"),
                .boxes(titles: ["sft  (gold 1.0)", "policy"], texts: [first, second]),
            ])
    }

    @Test func `wrapped prose is joined and other line ends stay`() {
        let text = String(repeating: "word and more ", count: 20).trimmed
        #expect(layouts(Paragraph(text)) == [.paragraph(text)])
        #expect(
            RecordedLayout.blocks(of: "one\ntwo\n\nthree\n")
                == [.paragraph("one\ntwo"), .paragraph("three")])
    }

    @Test func `drawings stay as they are`() {
        let drawing = "loss\n  ⠤⠤⠒⠒\n└────"
        #expect(RecordedLayout.blocks(of: drawing) == [.preformatted(drawing)])
        #expect(RecordedLayout.blocks(of: "┌─ open") == [.preformatted("┌─ open")])
        #expect(
            RecordedLayout.blocks(of: "a  b\n─  ─\nxxx no row") == [
                .table(columns: ["a", "b"], isNumeric: [false, false], rows: []),
                .paragraph("xxx no row"),
            ])
    }

    @Test func `nothing of a text is lost, whatever it is`() {
        let pieces = [
            "a", "word", "  ", " ", "\n", "─", "──", "│", "┌─ ", "┐", "└", "日", "⠤", "1.0", "|",
        ]
        for seed in 0..<400 {
            var random = SeededPieces(seed: UInt64(seed))
            let text = (0..<40).map { _ in random.pick(pieces) }.joined()
            let shown = RecordedLayout.blocks(of: text).map(Self.text).joined()
            let isInk: (Character) -> Bool = { $0.isLetter || $0.isNumber || $0 == "⠤" }
            #expect(
                shown.filter(isInk) == text.filter(isInk), "seed \(seed): \(text.debugDescription)")
        }
    }

    private static func text(_ layout: RecordedLayout) -> String {
        switch layout {
        case .paragraph(let text), .preformatted(let text): text
        case .table(let columns, _, let rows): columns.joined() + rows.joined().joined()
        case .pairs(let pairs): pairs.joined().joined()
        case .boxes(let titles, let texts): titles.joined() + texts.joined()
        }
    }
}

/// Random choices that are the same in every run.
struct SeededPieces {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1 }

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }

    mutating func pick<Element>(_ items: [Element]) -> Element { items[next(items.count)] }
}
