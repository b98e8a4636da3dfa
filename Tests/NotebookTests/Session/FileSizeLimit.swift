import Foundation

/// Runs `body` while no file of this process can grow beyond `limit` bytes: a real short write and
/// a real error of the system, without a file system of its own.
///
/// The limit holds for the whole process, so it is to be larger than any file of another test.
enum FileSizeLimit {
    private static let oneAtATime = NSLock()

    static func withLimit<T>(_ limit: Int, _ body: () throws -> T) rethrows -> T {
        try oneAtATime.withLock {
            signal(SIGXFSZ, SIG_IGN)
            let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
            var old = rlimit()
            unsafe getrlimit(resource, &old)
            var tight = old
            tight.rlim_cur = rlim_t(limit)
            unsafe setrlimit(resource, &tight)
            defer { unsafe setrlimit(resource, &old) }
            return try body()
        }
    }
}
