#if HTTP
    import Foundation
    import Glibc
    import Synchronization

    /// A receiver that does just what a script says with each connection: the endpoints that the real world has.
    final class ScriptedEndpoint: Sendable {
        /// One request as it came.
        struct Request: Sendable {
            var head: String
            var body: String
        }

        let port: Int
        private let listener: Int32
        private let isStopped = Atomic<Bool>(false)
        private let requests = Mutex<[Request]>([])
        private let connections = Mutex(0)

        /// - Parameter script: Given the connection, its number from 1, and what notes a request.
        init(_ script: @escaping @Sendable (RawSocket, Int, ScriptedEndpoint) -> Void) throws {
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = RawSocket.loopback(0)
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = bind(listener, $0, size)
                    _ = getsockname(listener, $0, &size)
                }
            }
            listen(listener, 64)
            port = Int(in_port_t(bigEndian: address.sin_port))
            self.listener = listener
            Thread { [self] in
                while !isStopped.load(ordering: .relaxed) {
                    let descriptor = accept(listener, nil, nil)
                    if descriptor < 0 { return }
                    let number = connections.withLock { count in
                        count += 1
                        return count
                    }
                    let socket = RawSocket(descriptor: descriptor)
                    Thread { script(socket, number, self) }.start()
                }
            }.start()
        }

        var seen: [Request] { requests.withLock { $0 } }
        var connectionCount: Int { connections.withLock { $0 } }
        var url: String { "http://127.0.0.1:\(port)/in" }

        /// Reads one request and notes it; `false` when the connection ended.
        @discardableResult
        func read(_ socket: RawSocket) -> Bool {
            guard let message = socket.receiveMessage() else { return false }
            requests.withLock { $0.append(Request(head: message.head, body: message.body)) }
            return true
        }

        func stop() {
            isStopped.store(true, ordering: .relaxed)
            shutdown(listener, Int32(SHUT_RDWR))
            Glibc.close(listener)
        }
    }
#endif
