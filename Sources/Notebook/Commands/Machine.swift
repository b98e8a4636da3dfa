import Autograd
import Glibc

/// What the program runs on.
struct Machine {
    var instructionSet: String
    var oneDNNVersion: String
    var openSSLVersion: String
    /// The processor's own name, empty where it is not known.
    var processor: String
    var cores: Int
    var threads: Int
    var memoryBytes: Int
    /// Memory that can be had without swapping; 0 where it is not known.
    var availableBytes: Int

    /// This machine.
    static func found(threads: Int) -> Machine {
        let memory = systemText("/proc/meminfo")
        let pageSize = max(0, sysconf(Int32(_SC_PAGESIZE)))
        let memoryBytes = pageSize * max(0, sysconf(Int32(_SC_PHYS_PAGES)))
        let freeBytes = pageSize * max(0, sysconf(Int32(_SC_AVPHYS_PAGES)))
        return Machine(
            instructionSet: KernelTarget.name, oneDNNVersion: KernelTarget.oneDNNVersion,
            openSSLVersion: DigestHasher.libraryVersion,
            processor: field("model name", in: systemText("/proc/cpuinfo")) ?? "",
            cores: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), threads: threads,
            memoryBytes: memoryBytes,
            availableBytes: kilobytes(field("MemAvailable", in: memory)) ?? freeBytes)
    }

    /// The value of a line `name : value` of one of the kernel's texts.
    static func field(_ name: String, in text: String) -> String? {
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, trimmed(parts[0]) == name else { continue }
            return trimmed(parts[1])
        }
        return nil
    }

    /// The bytes of `16384 kB`.
    static func kilobytes(_ text: String?) -> Int? {
        text?.split(separator: " ").first.flatMap { Int($0) }.map { $0 * 1024 }
    }

    /// The value that an environment variable had when the program was started.
    static func environment(_ name: String) -> String? {
        let start = name + "="
        let entries = systemText("/proc/self/environ", limit: 1 << 20).split(separator: "\0")
        return entries.first { $0.hasPrefix(start) }.map { String($0.dropFirst(start.count)) }
    }

    private static func trimmed(_ text: Substring) -> String {
        let isBlank = { (character: Character) in character.isWhitespace }
        let end = text.lastIndex { !isBlank($0) }
        guard let end, let start = text.firstIndex(where: { !isBlank($0) }) else { return "" }
        return String(text[start...end])
    }

    /// A text that the kernel makes; empty where there is none. Such files have no size.
    static func systemText(_ path: String, limit: Int = 1 << 14) -> String {
        guard let file = try? PosixFile(path, .reading) else { return "" }
        let bytes = (try? file.read(at: 0, count: limit)) ?? []
        return String(decoding: bytes, as: UTF8.self)
    }
}
