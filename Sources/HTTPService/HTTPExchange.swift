#if HTTP
    internal import AsyncHTTPClient
    package import Delivery
    internal import NIOCore
    internal import NIOHTTP1
    internal import NIOPosix
    internal import NIOSSL
    internal import Synchronization

    /// Exchanges over HTTP/1.1 by async-http-client: TLS 1.2 and 1.3 verified, no redirect, no cookie, no compression.
    ///
    /// Whether a request can have reached the peer is known exactly: ``ExchangeWatch`` stands in every connection and
    /// notes when a request's head goes by. A destination's address is looked at after the name was resolved and before
    /// a byte of the request is sent, so that no name can lead to a forbidden place.
    ///
    /// The connect timeout holds for the connection and TLS together: the client has one deadline for both.
    package final class HTTPExchange: Exchange {
        private let settings: ExchangeSettings
        private let tls: TLSConfiguration
        private let watch: ExchangeRegister
        /// One client for each connect timeout asked for: in practice one.
        private let clients = Mutex<[Int: HTTPClient]>([:])

        /// - Throws: When certificates cannot be used.
        package init(_ settings: ExchangeSettings = ExchangeSettings()) throws(ExchangeSettingsError) {
            self.settings = settings
            self.tls = try ClientCertificates.configuration(settings)
            self.watch = ExchangeRegister(settings)
        }

        /// The library ends the process over a client that was not shut down.
        deinit {
            for client in clients.withLock({ Array($0.values) }) { client.shutdown { _ in } }
        }

        package func send(
            _ request: ExchangeRequest,
            completion: @escaping @Sendable (Result<ExchangeResponse, ExchangeError>) -> Void
        ) {
            let deadline = NIODeadline.now() + .milliseconds(Int64(request.timeout))
            attempt(request, deadline, isLast: false, completion)
        }

        /// Ends all connections; exchanges in hand fail.
        package func stop() async {
            let all = clients.withLock { clients in
                defer { clients = [:] }
                return Array(clients.values)
            }
            for client in all { try? await client.shutdown() }
        }

        private func attempt(
            _ request: ExchangeRequest, _ deadline: NIODeadline, isLast: Bool,
            _ completion: @escaping @Sendable (Result<ExchangeResponse, ExchangeError>) -> Void
        ) {
            guard let target = Destination(request.url, settings), let form = Self.form(request, target) else {
                return completion(.failure(.connect))
            }
            let progress = watch.begin()
            var tagged = form
            tagged.headers.add(name: ExchangeRegister.tag, value: progress.name)
            let collector = AnswerCollector(limit: request.responseLimit)
            let task = client(request.connectTimeout).execute(request: tagged, delegate: collector, deadline: deadline)
            task.futureResult.whenComplete { [watch] result in
                watch.end(progress)
                let isWorthOneMore = !isLast && progress.diedOnReusedConnection && deadline > .now()
                switch result {
                case .success(let response): completion(.success(response))
                case .failure where isWorthOneMore: self.attempt(request, deadline, isLast: true, completion)
                case .failure(let error): completion(.failure(ExchangeError(error, progress.state)))
                }
            }
        }

        private static func form(_ request: ExchangeRequest, _ target: Destination) -> HTTPClient.Request? {
            let headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
            let body = HTTPClient.Body.byteBuffer(ByteBuffer(bytes: request.body))
            return try? HTTPClient.Request(url: target.url, method: .POST, headers: headers, body: body)
        }

        private func client(_ connectTimeout: Int) -> HTTPClient {
            clients.withLock { clients in
                if let client = clients[connectTimeout] { return client }
                let client = HTTPClient(
                    eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton),
                    configuration: configuration(connectTimeout))
                clients[connectTimeout] = client
                return client
            }
        }

        private func configuration(_ connectTimeout: Int) -> HTTPClient.Configuration {
            var pool = HTTPClient.Configuration.ConnectionPool(
                idleTimeout: .milliseconds(Int64(settings.idleTime)),
                concurrentHTTP1ConnectionsPerHostSoftLimit: settings.connections)
            // Otherwise a refused connection is tried anew until the timeout, and its cause is lost.
            pool.retryConnectionEstablishment = false
            var configuration = HTTPClient.Configuration(
                tlsConfiguration: tls, redirectConfiguration: .disallow,
                timeout: .init(connect: .milliseconds(Int64(connectTimeout))), connectionPool: pool,
                proxy: settings.proxy.map { .server(host: $0.host, port: $0.port) }, decompression: .disabled)
            configuration.httpVersion = .http1Only
            configuration.http1_1ConnectionDebugInitializer = { [watch] in watch.place(in: $0) }
            return configuration
        }
    }

    /// An absolute URL that may be a destination.
    private struct Destination {
        let url: String

        init?(_ url: String, _ settings: ExchangeSettings) {
            guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://") else { return nil }
            let scheme = url[..<colon].lowercased()
            guard scheme == "https" || (scheme == "http" && settings.allowsLoopback) else { return nil }
            let authority = url[colon...].dropFirst(3).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
            guard !authority.isEmpty, !authority.contains("@") else { return nil }
            let host =
                authority.hasPrefix("[")
                ? authority.prefix { $0 != "]" }.dropFirst() : authority.prefix { $0 != ":" }
            if let address = PeerAddress(String(host)), !settings.allows(address) { return nil }
            self.url = url
        }
    }

    extension ExchangeSettings {
        /// Whether an address may be a destination.
        func allows(_ address: PeerAddress) -> Bool {
            !address.isForbiddenDestination && (allowsLoopback || !address.isLoopback)
        }
    }

    /// Reads the files of a client's TLS.
    private enum ClientCertificates {
        static func configuration(_ settings: ExchangeSettings) throws(ExchangeSettingsError) -> TLSConfiguration {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.minimumTLSVersion = .tlsv12
            configuration.certificateVerification = .fullVerification
            if let file = settings.authorities {
                do { configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(file)) } catch {
                    throw .certificate("the authorities cannot be read")
                }
            }
            if let file = settings.certificateChain {
                do {
                    configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(file).map { .certificate($0) }
                } catch {
                    throw .certificate("the certificate cannot be read")
                }
            }
            if let file = settings.privateKey {
                do { configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: file, format: .pem)) } catch {
                    throw .certificate("the private key cannot be read")
                }
            }
            do { _ = try NIOSSLContext(configuration: configuration) } catch {
                throw .certificate("the private key does not fit the certificate")
            }
            return configuration
        }
    }
#endif
