import CPosix
import Glibc
import Synchronization

/// Flushes a whole file system at once (`syncfs`): one wait for the device for however many files were written, and an
/// error that befell any of them since it began is told (Linux 5.8 and later; older kernels are not asked).
///
/// It also waits for what others write there. Where that takes longer than flushing file by file would, it is left off for
/// a minute.
struct WholeFlush: ~Copyable {
    /// Fewer files are flushed one by one.
    static let fewest = 4
    /// What one file by itself may take, in milliseconds: past that for each, the whole is too slow.
    private static let slowness = 10
    private static let rest: Int64 = 60_000
    private static let restsUntil = Atomic<Int64>(0)

    private let descriptor: Int32

    /// Begins, before the first of the files is written; `nil` where it cannot be had.
    init?(in folder: String) {
        guard Self.isTold, Self.now() >= Self.restsUntil.load(ordering: .relaxed),
            FileSystemKind.flushesWhole(at: folder),
            let descriptor = try? Files.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, action: "sync")
        else { return nil }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Flushes all that was written since the beginning.
    /// - Returns: 0, or why some of it may not be on the device.
    consuming func end(files count: Int) -> Int32 {
        let begin = Self.now()
        let failure = linkway_syncfs(descriptor) == 0 ? 0 : errno
        if Self.now() - begin > Int64(count * Self.slowness) {
            Self.restsUntil.store(Self.now() + Self.rest, ordering: .relaxed)
        }
        return failure
    }

    /// Whether the kernel tells errors.
    private static let isTold: Bool = {
        var name = utsname()
        guard uname(&name) == 0 else { return false }
        let release = withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let numbers = release.split { !$0.isWholeNumber }.prefix(2).compactMap { Int($0) }
        guard numbers.count == 2 else { return false }
        return (numbers[0], numbers[1]) >= (5, 8)
    }()

    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
