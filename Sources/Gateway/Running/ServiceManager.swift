import Glibc

/// Tells the service manager how things stand (sd_notify(3)): ready, reloading, stopping, alive. Nothing happens where
/// there is none.
package struct ServiceManager: Sendable {
    private let address: String?
    /// How often it wants to hear that we are alive, in milliseconds; `nil` when it does not ask.
    package let watchdogMilliseconds: Int64?

    package init(environment: (String) -> String?) {
        address = environment("NOTIFY_SOCKET")
        watchdogMilliseconds = environment("WATCHDOG_USEC").flatMap { Int64($0) }.map { $0 / 1000 }
    }

    package func ready(_ status: String) { tell("READY=1\nSTATUS=\(status)") }
    package func reloading(at steady: Int64) { tell("RELOADING=1\nMONOTONIC_USEC=\(steady * 1000)") }
    package func stopping() { tell("STOPPING=1") }
    package func alive() { tell("WATCHDOG=1") }

    private func tell(_ text: String) {
        guard let address, address.utf8.count < 108, let first = address.utf8.first else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &name.sun_path) { path in
            path.copyBytes(from: address.utf8)
            // A name that begins with `@` is abstract: its first byte is zero.
            if first == UInt8(ascii: "@") { path[0] = 0 }
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + address.utf8.count)
        let bytes = Array(text.utf8)
        withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
    }
}
