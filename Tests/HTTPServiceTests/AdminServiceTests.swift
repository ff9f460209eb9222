#if HTTP
    import Foundation
    import Synchronization
    import Testing

    @testable import HTTPService

    @Suite("admin listener")
    struct AdminServiceTests {
        private func withAdmin(
            checks: [HealthCheck] = [], isAlive: Bool = true, _ body: (Int) async throws -> Void
        ) async throws {
            let sources = AdminService.Sources(
                isAlive: { isAlive }, checks: { checks },
                metrics: { $0 ? "# EOF\n" : "# TYPE linkway_a gauge\nlinkway_a 1\n" },
                version: #"{"version":"1"}"#
            ) { call in
                let names = call.query.map { "\($0.name)=\($0.value)" }.joined()
                return AdminAnswer(
                    status: call.path == "none" ? 404 : 200,
                    json: #"{"call":"\#(call.method) \#(call.path) \#(names) \#(call.body.count)"}"#)
            }
            let server = HTTPServer(
                ListenerSettings(address: .tcp(host: "127.0.0.1", port: 0)), service: AdminService(sources))
            let port = try await server.start() ?? 0
            try await body(port)
            await server.stop(graceMilliseconds: 200)
        }

        private func get(_ port: Int, _ target: String, _ lines: String = "Host: localhost\r\n", method: String = "GET")
            async throws -> (status: Int, head: [String: String], body: String)
        {
            try await exchange(port, "\(method) \(target) HTTP/1.1\r\n\(lines)\r\n")
        }

        @Test("health, metrics and version")
        func probes() async throws {
            let checks = [
                HealthCheck(name: "store", state: .ok),
                HealthCheck(name: "route east", state: .degraded, detail: "refused"),
            ]
            try await withAdmin(checks: checks) { port in
                #expect(try await get(port, "/livez").body == "ok\n")
                let ready = try await get(port, "/readyz")
                #expect(ready.status == 200 && ready.body == "ok\n")
                #expect(
                    try await get(port, "/readyz?verbose").body == "[ok] store\n[degraded] route east: refused\nok\n")
                let metrics = try await get(port, "/metrics")
                #expect(metrics.head["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
                #expect(metrics.body.hasSuffix("linkway_a 1\n"))
                #expect(try await get(port, "/version").body == #"{"version":"1"}"#)
            }
        }

        @Test(
            "OpenMetrics is given to one who asks for it by name",
            arguments: [
                ("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4", true),
                ("text/plain, Application/OpenMetrics-Text", true), ("application/openmetrics-text; q=0", false),
                ("*/*", false),
            ])
        func openMetrics(accept: String, isOpen: Bool) async throws {
            try await withAdmin { port in
                let answer = try await get(port, "/metrics", "Host: localhost\r\nAccept: \(accept)\r\n")
                #expect(answer.body == (isOpen ? "# EOF\n" : "# TYPE linkway_a gauge\nlinkway_a 1\n"))
                let type = isOpen ? "application/openmetrics-text; version=1.0.0" : "text/plain; version=0.0.4"
                #expect(answer.head["content-type"] == type + "; charset=utf-8")
            }
        }

        @Test("events are sent as they come, for as long as the client stays and the gateway runs")
        func events() async throws {
            let asked = Mutex<[String?]>([])
            let left = Mutex(["data: 1\n\n", "", "data: 2\n\n"])
            var sources = AdminService.Sources(
                isAlive: { true }, checks: { [] }, metrics: { _ in "" }, version: "{}",
                call: { _ in AdminAnswer(json: "{}") })
            sources.events = { id in
                asked.withLock { $0.append(id) }
                return EventStream { left.withLock { $0.isEmpty ? [] : Array($0.removeFirst().utf8) } }
            }
            var settings = ListenerSettings(address: .tcp(host: "127.0.0.1", port: 0))
            settings.limits.streamPeriod = 20
            settings.limits.heartbeat = 60
            let server = HTTPServer(settings, service: AdminService(sources))
            let port = try await server.start() ?? 0
            let client = try RawSocket(port: port)
            client.send("GET /events HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 7-3\r\n\r\n")
            var seen = ""
            let hear = { (wanted: String) in
                for _ in 0..<250 where !seen.contains(wanted) {
                    seen += String(decoding: client.receive(milliseconds: 20) ?? [], as: UTF8.self)
                }
                return seen.contains(wanted)
            }
            #expect(hear("data: 2\n\n") && hear("\r\n:\n\n"), "events, then a sign of life")
            #expect(seen.hasPrefix("HTTP/1.1 200 OK\r\n") && seen.contains("Content-Type: text/event-stream\r\n"))
            #expect(seen.split(separator: "\r\n").filter { $0.hasPrefix("data: ") } == ["data: 1\n\n", "data: 2\n\n"])
            #expect(asked.withLock { $0 } == ["7-3"])
            await server.stop(graceMilliseconds: 200)
            #expect(hear("\r\n0\r\n\r\n"), "the end is told")
        }

        @Test("a failed check is told, and the gateway is not ready; a wedged one is not alive")
        func failures() async throws {
            try await withAdmin(checks: [HealthCheck(name: "disk", state: .failed)], isAlive: false) { port in
                let ready = try await get(port, "/readyz")
                #expect(ready.status == 503 && ready.body == "[failed] disk\nnot ready\n")
                #expect(try await get(port, "/livez").status == 500)
            }
        }

        @Test("the command line's calls go through with path, query and body")
        func calls() async throws {
            try await withAdmin { port in
                let post = "Host: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{}"
                let answer = try await exchange(port, "POST /admin/v1/dead/7/retry?by=me HTTP/1.1\r\n\(post)")
                #expect(answer.body == #"{"call":"POST dead/7/retry by=me 2"}"#)
                #expect(try await get(port, "/admin/v1/none").status == 404)
            }
        }

        @Test("a page of another site gets nothing, by whatever name it calls")
        func otherSites() async throws {
            try await withAdmin { port in
                let strangers = [
                    "Host: evil.example\r\n", "Host: 192.0.2.1\r\n",
                    "Host: localhost\r\nOrigin: https://evil.example\r\n",
                ]
                for lines in strangers {
                    let answer = try await get(port, "/metrics", lines)
                    #expect(answer.status == 403)
                }
                let ours = try await get(port, "/metrics", "Host: [::1]:7411\r\n")
                #expect(ours.status == 200)
                let post = try await get(port, "/metrics", method: "POST")
                #expect(post.status == 405)
                let other = try await get(port, "/other")
                #expect(other.status == 404)
            }
        }

        @Test("a unix socket is for its owner and group only")
        func unixSocket() async throws {
            let path = "/tmp/linkway-\(UUID().uuidString.prefix(8)).sock"
            let sources = AdminService.Sources(
                isAlive: { true }, checks: { [] }, metrics: { _ in "" }, version: "{}",
                call: { _ in AdminAnswer(json: "{}") })
            let server = HTTPServer(ListenerSettings(address: .unix(path: path)), service: AdminService(sources))
            #expect(try await server.start() == nil)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o660)
            let output = try await blocking {
                try run("curl", ["-s", "--unix-socket", path, "http://localhost/livez"])
            }
            #expect(output == "ok\n")
            await server.stop(graceMilliseconds: 100)
            try? FileManager.default.removeItem(atPath: path)
        }
    }
#endif
