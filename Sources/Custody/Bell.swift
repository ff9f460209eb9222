internal import CPosix
internal import Glibc

/// Wakes a thread that rests. Rung many times before somebody waits, it wakes once.
///
/// Rests are measured by a clock that no one sets: `DispatchSemaphore` and `NSCondition` wait by the wall clock on Linux,
/// and would rest for an hour longer when it is put back by one.
package final class Bell: Sendable {
    private let descriptor: Int32

    package init() { descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC)) }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Wakes whoever waits, or the next one to. From any thread.
    package func ring() {
        var one: UInt64 = 1
        while write(descriptor, &one, 8) < 0, errno == EINTR {}
    }

    /// Rests until it is rung, at most so many milliseconds; of a process without descriptors to spare, a tenth of a second.
    /// - Returns: Whether it was rung.
    @discardableResult
    package func wait(milliseconds: Int64) -> Bool {
        guard descriptor >= 0 else {
            poll(nil, 0, Int32(min(max(milliseconds, 0), 100)))
            return false
        }
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, Int32(clamping: max(milliseconds, 0))) > 0 else { return false }
        var count: UInt64 = 0
        return read(descriptor, &count, 8) == 8
    }
}
