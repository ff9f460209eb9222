#if HTTP
    internal import Glibc
    internal import NIOCore
    internal import NIOHTTP1
    internal import NIOPosix
    internal import NIOSSL
    internal import Synchronization

    /// One listener: serves a ``Service`` over HTTP/1.1, with TLS where files for it are given.
    ///
    /// It bounds what any client can take of it (``ServiceLimits``); what is served, and to whom, is the service's.
    package final class HTTPServer: Sendable {
        private let settings: ListenerSettings
        private let service: any Service
        private let observe: @Sendable (ServedRequest) -> Void
        private let occupancy: Occupancy
        private let context = Mutex<NIOSSLContext?>(nil)
        private let listener = Mutex<(any Channel)?>(nil)

        /// - Parameter observe: Told of every request that was answered; called on the threads of the network, so it
        ///   must not block.
        package init(
            _ settings: ListenerSettings, service: any Service,
            observe: @escaping @Sendable (ServedRequest) -> Void = { _ in }
        ) {
            self.settings = settings
            self.service = service
            self.observe = observe
            self.occupancy = Occupancy(settings.limits)
        }

        /// Opens the listener.
        ///
        /// - Returns: The port, where there is one.
        @discardableResult
        package func start() async throws(ListenerError) -> Int? {
            if let refusal = settings.refusal { throw refusal }
            try reloadCertificates()
            let channel: any Channel
            do { channel = try await bind() } catch { throw .address(Self.reason(error)) }
            listener.withLock { $0 = channel }
            return channel.localAddress?.port
        }

        /// Reads the certificate, key and authorities anew; new connections use them, open ones stay as they are.
        ///
        /// - Throws: When they cannot be used; then the ones before stay in force.
        package func reloadCertificates() throws(ListenerError) {
            guard let tls = settings.tls else { return }
            let fresh = try ServerCertificates.context(tls)
            context.withLock { $0 = fresh }
        }

        /// When the server's certificate ends, in seconds since 1970; `nil` without TLS.
        package func certificateExpiry() -> Int? {
            settings.tls.flatMap { ServerCertificates.expiry($0) }
        }

        /// Connections that are open, for metrics.
        package var connectionCount: Int { occupancy.openConnections.count }

        /// From now on answers every new request with 503 and `Connection: close`; those in hand are finished.
        package func drain() { occupancy.drain() }

        /// Drains, closes the listener, waits for what is in hand and ends the connections.
        ///
        /// - Parameter graceMilliseconds: After this long, connections are ended whatever is in hand.
        package func stop(graceMilliseconds: Int = 5_000) async {
            drain()
            let channel = listener.withLock { listener in
                defer { listener = nil }
                return listener
            }
            try? await channel?.close()
            let end = ContinuousClock.now + .milliseconds(graceMilliseconds)
            while occupancy.requestsInHand > 0, ContinuousClock.now < end {
                try? await Task.sleep(for: .milliseconds(10))
            }
            for channel in occupancy.openConnections { try? await channel.close() }
        }

        // MARK: - Sockets

        private func bind() async throws -> any Channel {
            let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.backlog, value: 512)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.allowRemoteHalfClosure, value: true)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture { try self.open(channel) }
                }
            switch settings.address {
            case .tcp(let host, let port):
                return try await bootstrap.childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                    .bind(host: host, port: port).get()
            case .unix(let path):
                let channel = try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true)
                    .get()
                guard chmod(path, settings.socketMode) == 0 else {
                    try await channel.close()
                    throw ListenerError.address("the permissions of the socket could not be set")
                }
                return channel
            }
        }

        /// Puts together what a new connection goes through, or turns it away.
        private func open(_ channel: any Channel) throws {
            let pipeline = channel.pipeline.syncOperations
            let peer = channel.remoteAddress?.ipAddress ?? "local"
            guard occupancy.enter(channel, peer: peer) else { return turnAway(channel) }
            channel.closeFuture.whenComplete { [occupancy] _ in occupancy.leave(channel, peer: peer) }
            if settings.tls != nil {
                guard let context = context.withLock({ $0 }) else { return channel.close(promise: nil) }
                try pipeline.addHandler(NIOSSLServerHandler(context: context))
            }
            var decoding = NIOHTTPDecoderLimitConfiguration()
            decoding.maxHeaderFieldSize = settings.limits.headBytes
            decoding.maxHeaderListSize = settings.limits.headBytes
            decoding.maxHeaderFieldCount = settings.limits.headFields
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: true, withErrorHandling: false, withOutboundHeaderValidation: true,
                withEncoderConfiguration: .init(), withDecoderLimitConfiguration: decoding)
            try pipeline.addHandler(
                ServerConnection(
                    service: service, settings: settings, occupancy: occupancy, peer: peer, observe: observe))
        }

        /// Too many connections: says so where that costs nothing (without TLS), and closes.
        private func turnAway(_ channel: any Channel) {
            guard settings.tls == nil else { return channel.close(promise: nil) }
            let response = service.fault(.tooManyInAll, head: nil)
            var text =
                "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: \(response.body.count)\r\n"
            for (name, value) in response.headers { text += "\(name): \(value)\r\n" }
            var buffer = channel.allocator.buffer(string: text + "\r\n")
            buffer.writeBytes(response.body)
            let last = buffer
            // The channel is not active while it is put together.
            channel.eventLoop.execute {
                channel.writeAndFlush(last).whenComplete { _ in channel.close(promise: nil) }
            }
        }

        private static func reason(_ error: any Error) -> String {
            switch error {
            case let error as IOError: String(cString: strerror(error.errnoCode))
            case ListenerError.address(let text): text
            default: "the address is not known here"
            }
        }
    }
#endif
