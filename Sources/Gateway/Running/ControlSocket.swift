package import DurableFiles
import Glibc
import Synchronization

/// The way an operator's command reaches the gateway that has the store: a socket in the state folder, open to its owner
/// alone. One line of JSON asks, one line answers.
package final class ControlSocket: Sendable {
    /// The longest question, in bytes.
    private static let longest = 1 << 20

    package let path: String
    private let descriptor: Int32
    private let isClosed = Atomic(false)

    /// Listens below a state folder; a socket left behind is taken away. Only under the folder's lock.
    package init(in state: String) throws(FileError) {
        path = Self.path(in: state)
        try Files.remove(path)
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw FileError("open", path, code: errno) }
        let mask = umask(0o177)
        let status = Self.withAddress(path) { bind(descriptor, $0, $1) }
        umask(mask)
        guard status == 0, listen(descriptor, 16) == 0 else {
            let code = errno
            Glibc.close(descriptor)
            throw FileError("listen at", path, code: code)
        }
    }

    package static func path(in state: String) -> String { Files.join(state, "control.sock") }

    /// Answers one caller after another, until it is closed.
    package func serve(_ answer: (String) -> String) {
        while !isClosed.load(ordering: .acquiring) {
            let caller = accept(descriptor, nil, nil)
            if caller < 0 {
                if errno == EINTR || errno == ECONNABORTED { continue }
                return
            }
            Self.setTimeout(caller, seconds: 10)
            if let question = Self.readLine(caller) { Self.write(answer(question) + "\n", to: caller) }
            Glibc.close(caller)
        }
    }

    /// Ends ``serve(_:)``.
    package func close() {
        guard isClosed.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged
        else { return }
        shutdown(descriptor, Int32(SHUT_RDWR))
        Glibc.close(descriptor)
        unlink(path)
    }

    // MARK: The caller's side

    /// Asks the gateway that has a state folder; `nil` when none answers.
    package static func ask(_ question: String, in state: String) -> String? {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        setTimeout(descriptor, seconds: 600)
        guard withAddress(path(in: state), { connect(descriptor, $0, $1) }) == 0 else { return nil }
        write(question + "\n", to: descriptor)
        return readLine(descriptor, limit: 1 << 30)
    }

    // MARK: Bytes

    private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < 108 else {
            errno = ENAMETOOLONG
            return -1
        }
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func setTimeout(_ descriptor: Int32, seconds: Int) {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    }

    private static func readLine(_ descriptor: Int32, limit: Int = longest) -> String? {
        var line: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while line.count <= limit {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return line.isEmpty ? nil : String(decoding: line, as: UTF8.self) }
            line += chunk[..<count]
            if line.last == 0x0A { return String(decoding: line.dropLast(), as: UTF8.self) }
        }
        return nil
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let put = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if put < 0, errno == EINTR { continue }
            if put <= 0 { return }
            rest = rest.dropFirst(put)
        }
    }
}
