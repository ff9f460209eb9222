#if HTTP
    internal import AsyncHTTPClient
    internal import Delivery
    internal import Glibc
    internal import NIOCore
    internal import NIOHTTP1
    internal import NIOPosix
    internal import NIOSSL
    internal import Synchronization

    /// An answer's body went past the limit.
    struct AnswerTooLarge: Error {}

    /// Puts an answer together, up to a limit.
    final class AnswerCollector: HTTPClientResponseDelegate {
        typealias Response = ExchangeResponse

        private let limit: Int
        private let response = Mutex(ExchangeResponse(status: 0))

        init(limit: Int) { self.limit = limit }

        func didReceiveHead(task: HTTPClient.Task<Response>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
            let announced = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
            guard announced <= limit else { return task.eventLoop.makeFailedFuture(AnswerTooLarge()) }
            response.withLock { response in
                response.status = Int(head.status.code)
                response.headers = head.headers.map { (name: $0.name.lowercased(), value: $0.value) }
            }
            return task.eventLoop.makeSucceededVoidFuture()
        }

        func didReceiveBodyPart(task: HTTPClient.Task<Response>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
            let fits = response.withLock { response in
                response.body.append(contentsOf: part.readableBytesView)
                return response.body.count <= limit
            }
            return fits ? task.eventLoop.makeSucceededVoidFuture() : task.eventLoop.makeFailedFuture(AnswerTooLarge())
        }

        func didFinishRequest(task: HTTPClient.Task<Response>) throws -> ExchangeResponse { response.withLock { $0 } }
    }

    extension ExchangeError {
        /// What an error of the client means, given how far the request came. In doubt the request was sent.
        init(_ error: any Error, _ state: ExchangeProgress.State) {
            if state.isTooLarge || error is AnswerTooLarge {
                self = .tooLarge
            } else if !state.isSending {
                self = Self.before(error)
            } else if error as? HTTPClientError == .deadlineExceeded || error as? HTTPClientError == .cancelled {
                self = .timeoutAfterSending
            } else if let parsing = error as? HTTPParserError, parsing != .invalidEOFState {
                self = .malformed
            } else {
                let isCutShort = state.hasFinalHead || error as? HTTPParserError == .invalidEOFState
                self = isCutShort ? .truncated : .resetAfterSending
            }
        }

        private static func before(_ error: any Error) -> Self {
            switch error {
            case let error as NIOConnectionError:
                error.connectionErrors.isEmpty && error.dnsAError != nil ? .nameResolution : .connect
            case is SocketAddressError: .nameResolution
            case let error as HTTPClientError: before(error)
            case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: .tls
            case let error as IOError where error.errnoCode != ECONNREFUSED: .resetBeforeSending
            default: .connect
            }
        }

        private static func before(_ error: HTTPClientError) -> Self {
            switch error {
            case .deadlineExceeded, .getConnectionFromPoolTimeout, .cancelled: .timeoutBeforeSending
            case .tlsHandshakeTimeout: .tls
            case .remoteConnectionClosed, .uncleanShutdown: .resetBeforeSending
            default: .connect
            }
        }
    }
#endif
