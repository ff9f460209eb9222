import CPosix
import Glibc

/// Wakes a loop when something comes into a folder, so that it need not wait for its next poll.
///
/// A hint and no more: shares tell nothing of what others write, and the kernel may leave events out. Uses inotify; where
/// that cannot be had it only waits.
package final class FolderWatch: Sendable {
    private let events: Int32
    private let bell: Int32

    /// - Parameter folders: Those that are not there are left out.
    package init(_ folders: [String]) {
        events = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        bell = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        let mask = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR)
        for folder in folders where events >= 0 { inotify_add_watch(events, folder, mask) }
    }

    deinit {
        if events >= 0 { close(events) }
        if bell >= 0 { close(bell) }
    }

    /// Waits until something came, ``ring()`` was called, or the time is over.
    /// - Returns: Whether it was woken.
    @discardableResult
    package func wait(milliseconds: Int) -> Bool {
        var waiting = [events, bell].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let count = poll(&waiting, UInt(waiting.count), Int32(clamping: milliseconds))
        drain(events)
        drain(bell)
        return count > 0
    }

    /// Wakes whoever waits, or the next one to. From any thread.
    package func ring() {
        var one: UInt64 = 1
        while write(bell, &one, 8) < 0, errno == EINTR {}
    }

    private func drain(_ descriptor: Int32) {
        guard descriptor >= 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 4096)
        while read(descriptor, &buffer, buffer.count) > 0 {}
    }
}
