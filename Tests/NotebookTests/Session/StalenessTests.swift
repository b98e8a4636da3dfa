import Autograd
import OrderedJSON
import Testing

@testable import Notebook

@Suite struct StalenessTests {
    /// A list of cells that only copy: what a cell writes is the digest of its text and its reads.
    struct Sheet {
        var list = CellList()

        /// Runs a cell as the notebook would: it finds what the cells above have left.
        mutating func run(
            _ id: String, _ source: String, reads: [String], writes: [String]
        ) {
            let place = list.place(of: id) ?? list.cells.count
            var slots: SlotDigests = [:]
            for cell in list.cells[..<place] {
                for (slot, digest) in cell.writes { slots[slot] = digest }
            }
            var found: SlotDigests = [:]
            for slot in reads { found[slot] = slots[slot] }
            let absent = reads.filter { slots[$0] == nil }
            var made: SlotDigests = [:]
            for slot in writes { made[slot] = Digest(of: source + slot + found.json.text) }
            list.apply(
                .begin(cell: id, CellStart(number: list.nextNumber, source: source)), time: "")
            list.apply(
                .end(
                    cell: id,
                    CellResult(
                        state: .ok, seconds: 0, reads: found, writes: made,
                        details: JSONObject([
                            ("steps", []), ("absent", .array(absent.map { .string($0) })),
                        ]))), time: "")
        }

        var stale: [String] { list.cells.filter { $0.state == .stale }.map(\.id) }
    }

    /// Data, baseline, pairs, reward model, PPO, a look at the baseline.
    static let flow: [(id: String, reads: [String], writes: [String])] = [
        ("demos", [], ["demos"]), ("sft", ["demos"], ["sft", "policy"]),
        ("pairs", ["policy"], ["pairs"]), ("reward", ["sft", "pairs"], ["reward"]),
        ("ppo", ["sft", "reward"], ["policy"]), ("look", ["sft"], []),
        ("evaluate", ["policy", "sft"], []),
    ]

    static func sheet() -> Sheet {
        var sheet = Sheet()
        for cell in flow { sheet.run(cell.id, cell.id, reads: cell.reads, writes: cell.writes) }
        return sheet
    }

    static func rerun(_ id: String, in sheet: inout Sheet) {
        guard let cell = flow.first(where: { $0.id == id }) else { return }
        sheet.run(
            id, sheet.list[id]?.source ?? id, reads: cell.reads, writes: cell.writes)
    }

    @Test func `an edit marks exactly what is downstream, a rerun of it clears what it can`() {
        var sheet = Self.sheet()
        #expect(sheet.stale == [])
        sheet.list.apply(.edit(cell: "reward", source: "other"), time: "")
        #expect(sheet.stale == ["ppo", "evaluate"])
        Self.rerun("reward", in: &sheet)
        #expect(sheet.stale == ["ppo", "evaluate"])
        Self.rerun("ppo", in: &sheet)
        #expect(sheet.stale == ["evaluate"])
        Self.rerun("evaluate", in: &sheet)
        #expect(sheet.stale == [])
        // The same results again mark nothing.
        Self.rerun("sft", in: &sheet)
        #expect(sheet.stale == [])
    }

    @Test func `an early cell run again does not read what a late one wrote`() {
        var sheet = Self.sheet()
        let before = sheet.list["pairs"]?.writes
        Self.rerun("pairs", in: &sheet)
        #expect(sheet.list["pairs"]?.writes == before)
    }

    @Test func `a deletion and a slot that is filled later mark their readers`() {
        var sheet = Self.sheet()
        sheet.list.apply(.delete(cell: "ppo"), time: "")
        // The policy is that of the baseline again.
        #expect(sheet.stale == ["evaluate"])
        sheet.run("gold", "gold", reads: [], writes: ["gold"])
        sheet.run("judge", "judge", reads: ["rules"], writes: [])
        #expect(sheet.stale == ["evaluate"])
        sheet.run("rules", "rules", reads: [], writes: ["rules"])
        #expect(sheet.stale == ["evaluate"])
        sheet.list.apply(.move(cell: "rules", before: "judge"), time: "")
        #expect(sheet.stale == ["evaluate", "judge"])
    }

    @Test func `causes name slot, digests and writer`() throws {
        var sheet = Self.sheet()
        let had = try #require(sheet.list["reward"]?.writes["reward"])
        sheet.list.apply(.edit(cell: "reward", source: "other"), time: "")
        let findings = Staleness.findings(in: sheet.list.cells)
        #expect(
            findings == [
                .init(cell: 3, causes: [.edited]),
                .init(cell: 4, causes: [.inDoubt(slot: "reward", writer: 3)]),
                .init(cell: 6, causes: [.inDoubt(slot: "policy", writer: 4)]),
            ])
        Self.rerun("reward", in: &sheet)
        let has = try #require(sheet.list["reward"]?.writes["reward"])
        let cause = Staleness.findings(in: sheet.list.cells).first?.causes
        #expect(cause == [.changed(slot: "reward", had: had, has: has, writer: 3)])
    }

    @Test func `the recorded tutorial is up to date`() throws {
        let path = CommandFixture.fixture("../../Sessions/01-align-a-model/journal.jsonl")
        let list = CellList(try Journal.read(at: path).records)
        #expect(list.cells.count == 14)
        #expect(list.cells.allSatisfy { $0.state == .ok })
    }

    /// Whatever is done in whatever order: undoing all of it gives every list that was there, and
    /// doing it again gives it once more.
    @Test(arguments: 0..<UInt64(60)) func `undo and redo go through the same lists`(seed: UInt64)
        throws
    {
        var random = RandomStream(seed: seed, purpose: RandomPurpose("list changes"))
        var sheet = Self.sheet()
        var lists: [[Cell]] = [[]]
        sheet.list = CellList()
        func pick() -> Cell? {
            sheet.list.cells.isEmpty
                ? nil : sheet.list.cells[Int(random.nextUniform() * Float(sheet.list.cells.count))]
        }
        for step in 0..<30 {
            let change: CellRecord
            switch Int(random.nextUniform() * 5) {
            case 0: change = pick().map { .edit(cell: $0.id, source: "edit \(step % 3)") } ?? .undo
            case 1: change = pick().map { .delete(cell: $0.id) } ?? .undo
            case 2:
                let cell = pick()
                let target = pick()
                guard let cell, cell.id != target?.id else { continue }
                change = .move(cell: cell.id, before: step % 2 == 0 ? target?.id : nil)
            default:
                let id = "c\(Int(random.nextUniform() * 8))"
                let flow = Self.flow[Int(random.nextUniform() * Float(Self.flow.count))]
                sheet.run(id, flow.id, reads: flow.reads, writes: flow.writes)
                lists.append(sheet.list.cells)
                continue
            }
            if change == .undo { continue }
            sheet.list.apply(change, time: "")
            lists.append(sheet.list.cells)
        }
        #expect(sheet.list.undoable.count == lists.count - 1)
        for list in lists.dropLast().reversed() {
            sheet.list.apply(.undo, time: "")
            #expect(sheet.list.cells == list)
        }
        sheet.list.apply(.undo, time: "")
        #expect(sheet.list.cells.isEmpty)
        for list in lists.dropFirst() {
            sheet.list.apply(.redo, time: "")
            #expect(sheet.list.cells == list)
            for (place, cell) in list.enumerated() {
                #expect(sheet.list.place(of: cell.id) == place)
            }
        }
    }
}
