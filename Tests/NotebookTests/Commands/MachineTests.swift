import Testing

@testable import Notebook

@Suite struct MachineTests {
    @Test func valuesAreReadFromTheKernelsTexts() {
        let text =
            "MemTotal:       16303428 kB\nMemAvailable:    8123456 kB\nmodel name\t: AMD 9: X\n"
        #expect(Machine.field("MemAvailable", in: text) == "8123456 kB")
        #expect(Machine.field("model name", in: text) == "AMD 9: X")
        #expect(Machine.field("MemFree", in: text) == nil)
        #expect(Machine.kilobytes("8123456 kB") == 8_318_418_944)
        #expect(Machine.kilobytes(nil) == nil)
    }

    @Test func thisMachineHasCoresAndMemory() {
        let machine = Machine.found(threads: 1)
        #expect(machine.cores >= 1)
        #expect(machine.memoryBytes > 100_000_000)
        #expect(machine.availableBytes > 0 && machine.availableBytes <= machine.memoryBytes)
        #expect(Machine.environment("PATH")?.isEmpty == false)
        #expect(Machine.environment("NO_SUCH_VARIABLE_HERE") == nil)
    }
}
