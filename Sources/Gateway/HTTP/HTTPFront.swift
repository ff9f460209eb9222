package import Delivery
import HTTPService
import Reporting
import Synchronization

#if HTTP
    import Dispatch

    /// The listeners of a running gateway: one for senders, one for this machine's own questions.
    package final class HTTPFront: Sendable {
        private let intake: HTTPIntake
        private let servers: [HTTPServer]
        private let log: Log

        /// Opens the listeners; senders are answered when it returns.
        package init(_ engine: Engine, operators: Operator, health: Health, version: String, log: Log) throws {
            self.log = log
            intake = try HTTPIntake(engine, operators: operators)
            guard let http = engine.processor.rules.configuration.http else {
                servers = []
                return
            }
            var settings = ListenerSettings(address: .tcp(host: http.listen.host, port: http.listen.port))
            settings.tls = http.tls.map {
                TLSFiles(
                    certificateChain: $0.certificate, privateKey: $0.key, clientAuthorities: $0.clientAuthority)
            }
            settings.isBehindTrustedProxy = http.hasTrustedProxy
            settings.limits.bodyBytes = min(
                settings.limits.bodyBytes, engine.processor.rules.configuration.largestDocument)
            let metrics = engine.metrics
            let senders = HTTPServer(
                settings, service: IntakeService(handler: intake, limits: settings.limits, softwareVersion: version)
            ) { request in
                metrics.answered(request)
            }
            let admin = HTTPServer(
                ListenerSettings(address: .tcp(host: http.admin.host, port: http.admin.port)),
                service: AdminService(health.sources(version: version, feed: log.feed)))
            servers = [senders, admin]
            let ports = try Self.wait { [senders, admin] in [try await senders.start(), try await admin.start()] }
            log.say(
                .listening, "listening",
                [
                    "host": .string(http.listen.host), "port": ports[0].map { .number($0) },
                    "admin": ports[1].map { .number($0) },
                ])
        }

        /// Answers 503 from now on.
        package func drain() {
            intake.drain()
            for server in servers { server.drain() }
        }

        package func stop() {
            let servers = self.servers
            _ = try? Self.wait { for server in servers { await server.stop(graceMilliseconds: 3_000) } }
        }

        /// Makes what speaks HTTP to an endpoint.
        package static func exchange(_ endpoint: Configuration.Route.Endpoint) throws -> any Exchange {
            var settings = ExchangeSettings()
            settings.authorities = endpoint.authority
            settings.certificateChain = endpoint.certificate
            settings.privateKey = endpoint.key
            settings.connections = endpoint.concurrency
            settings.allowsLoopback = endpoint.mayBeLoopback
            if let proxy = endpoint.proxy, let colon = proxy.lastIndex(of: ":"),
                let port = Int(proxy[proxy.index(after: colon)...])
            {
                settings.proxy = (String(proxy[..<colon]), port)
            }
            return try HTTPExchange(settings)
        }

        /// Waits for something asynchronous, on a thread that is not Swift's own.
        package static func wait<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) throws -> Value
        {
            let done = DispatchSemaphore(value: 0)
            let result = Mutex<Result<Value, any Error>?>(nil)
            Task.detached {
                let outcome: Result<Value, any Error>
                do { outcome = .success(try await work()) } catch { outcome = .failure(error) }
                result.withLock { $0 = outcome }
                done.signal()
            }
            done.wait()
            guard let outcome = result.withLock({ $0 }) else { throw ListenerError.notBuilt }
            return try outcome.get()
        }
    }
#endif
