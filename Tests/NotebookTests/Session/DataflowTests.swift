import Testing

@testable import Notebook

@Suite struct DataflowTests {
    /// The first tutorial: data, baseline, pairs, reward model, PPO, a look at the baseline.
    static let cells: [Dataflow.Cell] = [
        .init(reads: [], writes: ["demos"]),
        .init(reads: ["demos"], writes: ["sft", "policy"]),
        .init(reads: ["policy"], writes: ["pairs"]),
        .init(reads: ["sft", "pairs"], writes: ["reward"]),
        .init(reads: ["policy", "reward"], writes: ["policy"]),
        .init(reads: ["sft"], writes: []),
        .init(reads: ["policy", "sft"], writes: ["report"]),
        .init(reads: ["demos"], writes: []),
    ]

    static func stale(_ edited: Int) -> [Int] {
        Dataflow.stale(afterEditing: edited, in: cells).map(\.cell)
    }

    @Test func `dependents are stale, directly and through others`() {
        #expect(Self.stale(0) == [1, 2, 3, 4, 5, 6, 7])
        #expect(Self.stale(1) == [2, 3, 4, 5, 6])
        #expect(Self.stale(2) == [3, 4, 6])
        #expect(Self.stale(3) == [4, 6])
        #expect(Self.stale(4) == [6])
        #expect(Self.stale(7) == [])
    }

    @Test func `the cause is named`() {
        let stale = Dataflow.stale(afterEditing: 2, in: Self.cells)
        #expect(
            stale == [
                .init(cell: 3, slot: "pairs", writer: 2), .init(cell: 4, slot: "reward", writer: 3),
                .init(cell: 6, slot: "policy", writer: 4),
            ])
    }

    @Test func `a slot written anew from sound inputs is sound`() {
        let cells: [Dataflow.Cell] = [
            .init(reads: [], writes: ["pairs"]), .init(reads: [], writes: ["pairs"]),
            .init(reads: ["pairs"], writes: []),
        ]
        #expect(Dataflow.stale(afterEditing: 0, in: cells).isEmpty)
        #expect(Dataflow.stale(afterEditing: 1, in: cells).map(\.cell) == [2])
    }

    @Test func `a rerun that changed nothing makes nothing stale`() {
        #expect(Dataflow.stale(afterChanging: [], by: 1, in: Self.cells).isEmpty)
        let changed = Dataflow.stale(afterChanging: ["policy"], by: 1, in: Self.cells)
        #expect(changed.map(\.cell) == [2, 3, 4, 6])
    }

    @Test func `a cell that changes what it reads depends on the cell above`() {
        let cells: [Dataflow.Cell] = [
            .init(reads: [], writes: ["policy"]), .init(reads: ["policy"], writes: ["policy"]),
            .init(reads: ["policy"], writes: ["policy"]), .init(reads: ["policy"], writes: []),
        ]
        #expect(Dataflow.stale(afterEditing: 1, in: cells).map(\.cell) == [2, 3])
        #expect(Dataflow.writer(of: "policy", readBy: 2, in: cells) == 1)
        #expect(Dataflow.writer(of: "policy", readBy: 0, in: cells) == nil)
    }

    /// The answer for every cell equals following the arrows backwards from each reader.
    @Test func `agrees with the transitive closure of the arrows`() {
        for edited in Self.cells.indices {
            let reachable = Self.cells.indices.filter { reader in
                var waiting = [reader]
                var seen: Set<Int> = []
                while let cell = waiting.popLast() {
                    for slot in Self.cells[cell].reads {
                        guard let writer = Dataflow.writer(of: slot, readBy: cell, in: Self.cells)
                        else { continue }
                        if seen.insert(writer).inserted { waiting.append(writer) }
                    }
                }
                return seen.contains(edited)
            }
            #expect(Self.stale(edited) == reachable)
        }
    }
}
