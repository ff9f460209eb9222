import Foundation
import Glibc

/// A blocking TCP socket for tests that must say just which bytes go over the wire.
final class RawSocket: @unchecked Sendable {
    let descriptor: Int32

    init(descriptor: Int32) {
        self.descriptor = descriptor
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Connects to a port of this machine.
    convenience init(port: Int) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(port)
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            Glibc.close(descriptor)
            throw POSIXError(.ECONNREFUSED)
        }
        self.init(descriptor: descriptor)
    }

    deinit { Glibc.close(descriptor) }

    static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return address
    }

    /// Sends all bytes; `false` when the other side is gone.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { raw in
                Glibc.send(
                    descriptor, raw.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    func closeOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Ends the connection with a reset when this object goes.
    func resetOnClose() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }

    /// What comes within a time; empty at the end of the connection, `nil` when nothing came in time.
    func receive(milliseconds: Int) -> [UInt8]? {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard Glibc.poll(&poll, 1, Int32(milliseconds)) > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : []
    }

    /// All that comes until the connection ends or a time is over.
    func receiveAll(milliseconds: Int) -> (text: String, isClosed: Bool) {
        var bytes: [UInt8] = []
        let end = ContinuousClock.now + .milliseconds(milliseconds)
        while ContinuousClock.now < end {
            guard let more = receive(milliseconds: 20) else { continue }
            if more.isEmpty { return (String(decoding: bytes, as: UTF8.self), true) }
            bytes += more
        }
        return (String(decoding: bytes, as: UTF8.self), false)
    }

    /// All that comes until the other side closes or, after something came, is silent for so long. A busy machine may take
    /// its time for the first byte.
    func receiveUntilQuiet(milliseconds: Int) -> (text: String, isClosed: Bool) {
        var bytes: [UInt8] = []
        var end = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < end {
            guard let more = receive(milliseconds: 20) else { continue }
            if more.isEmpty { return (String(decoding: bytes, as: UTF8.self), true) }
            bytes += more
            end = ContinuousClock.now + .milliseconds(milliseconds)
        }
        return (String(decoding: bytes, as: UTF8.self), false)
    }

    /// One message with `Content-Length`: its head, with names as sent, and its body.
    func receiveMessage(milliseconds: Int = 5_000) -> (head: String, body: String)? {
        var bytes: [UInt8] = []
        let end = ContinuousClock.now + .milliseconds(milliseconds)
        while ContinuousClock.now < end {
            if let message = Self.split(bytes) { return message }
            guard let more = receive(milliseconds: 20) else { continue }
            if more.isEmpty { return Self.split(bytes) }
            bytes += more
        }
        return nil
    }

    private static func split(_ bytes: [UInt8]) -> (head: String, body: String)? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let gap = text.range(of: "\r\n\r\n") else { return nil }
        let head = String(text[..<gap.lowerBound])
        let body = text[gap.upperBound...]
        let length = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst("content-length:".count).trimmingCharacters(in: .whitespaces)) }
        guard body.utf8.count >= length ?? 0 else { return nil }
        return (head, String(body))
    }
}

/// Runs something that blocks on a thread of its own, so that it takes none from the tests.
func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result { try body() }) }.start()
    }
}
