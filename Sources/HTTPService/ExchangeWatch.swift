#if HTTP
    internal import NIOCore
    internal import NIOHTTP1
    internal import Synchronization

    /// How far one request came.
    final class ExchangeProgress: Sendable {
        struct State: Sendable {
            /// Its head was handed to the connection, so that a byte of it may have reached the peer.
            var isSending = false
            /// The connection had carried another request before.
            var isReused = false
            /// A byte of an answer, were it an interim one, came.
            var isAnswered = false
            /// The head of the final answer came.
            var hasFinalHead = false
            /// More came than is taken.
            var isTooLarge = false
        }

        let name: String
        private let box = Mutex(State())

        init(name: String) { self.name = name }

        var state: State { box.withLock { $0 } }
        var diedOnReusedConnection: Bool {
            let state = state
            return state.isReused && !state.isAnswered && state.isSending
        }

        func note(_ change: (inout State) -> Void) { box.withLock { change(&$0) } }
    }

    /// Requests in the air by name, so that the watch in a connection finds the one that goes by.
    final class ExchangeRegister: Sendable {
        /// A header that never leaves this process: the watch takes it out.
        static let tag = "linkway-exchange"

        private struct State {
            var last: UInt64 = 0
            var inAir: [String: ExchangeProgress] = [:]
        }

        private let settings: ExchangeSettings
        private let state = Mutex(State())

        init(_ settings: ExchangeSettings) { self.settings = settings }

        func begin() -> ExchangeProgress {
            state.withLock { state in
                state.last += 1
                let progress = ExchangeProgress(name: String(state.last))
                state.inAir[progress.name] = progress
                return progress
            }
        }

        func end(_ progress: ExchangeProgress) { _ = state.withLock { $0.inAir.removeValue(forKey: progress.name) } }

        func progress(_ name: String) -> ExchangeProgress? { state.withLock { $0.inAir[name] } }

        /// Looks where a new connection leads, and puts a watch into it.
        func place(in channel: any Channel) -> EventLoopFuture<Void> {
            channel.eventLoop.makeCompletedFuture {
                if settings.proxy == nil, let text = channel.remoteAddress?.ipAddress, let address = PeerAddress(text),
                    !settings.allows(address)
                {
                    channel.close(promise: nil)
                    throw ForbiddenDestination()
                }
                let pipeline = channel.pipeline.syncOperations
                let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
                let watch = ExchangeWatch(self, settings)
                try pipeline.addHandler(watch, position: .after(decoder))
            }
        }
    }

    /// A name led to an address that may not be a destination.
    struct ForbiddenDestination: Error {}

    /// Stands between the parser and the client in one connection: notes what goes by, and ends what is too large.
    final class ExchangeWatch: ChannelDuplexHandler {
        typealias InboundIn = HTTPClientResponsePart
        typealias InboundOut = HTTPClientResponsePart
        typealias OutboundIn = HTTPClientRequestPart
        typealias OutboundOut = HTTPClientRequestPart

        private let register: ExchangeRegister
        private let settings: ExchangeSettings
        private var progress: ExchangeProgress?
        private var isUsed = false
        private var headBytes = 0
        private var interims = 0

        init(_ register: ExchangeRegister, _ settings: ExchangeSettings) {
            self.register = register
            self.settings = settings
        }

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            guard case .head(var head) = Self.unwrapOutboundIn(data) else {
                return context.write(data, promise: promise)
            }
            progress = head.headers.first(name: ExchangeRegister.tag).flatMap { register.progress($0) }
            head.headers.remove(name: ExchangeRegister.tag)
            headBytes = 0
            interims = 0
            let isReused = isUsed
            isUsed = true
            progress?.note {
                $0.isSending = true
                $0.isReused = isReused
            }
            context.write(Self.wrapOutboundOut(.head(head)), promise: promise)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if case .head(let head) = Self.unwrapInboundIn(data) {
                let isInterim = (100..<200).contains(head.status.code)
                headBytes += head.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
                interims += isInterim ? 1 : 0
                let isTooLarge = headBytes > settings.headLimit || interims > settings.interimLimit
                progress?.note {
                    $0.isAnswered = true
                    $0.hasFinalHead = $0.hasFinalHead || !isInterim
                    $0.isTooLarge = $0.isTooLarge || isTooLarge
                }
                if isTooLarge { return context.close(promise: nil) }
            }
            context.fireChannelRead(data)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            // What cannot be parsed is an answer of a kind: something came.
            if let error = error as? HTTPParserError {
                progress?.note {
                    $0.isAnswered = true
                    $0.isTooLarge = $0.isTooLarge || error == .headerOverflow
                }
            }
            context.fireErrorCaught(error)
        }
    }
#endif
