import Foundation
import Reporting
import Testing

@testable import Gateway

/// What `linkway.yaml` says of the running service: its store, its listeners, its routes and what protects the person there.
@Suite("Configuration of the service")
struct ServiceConfigurationTests {
    static let sound = """
        state: var/state
        grace: 30s
        sender: { endpoint: urn:us, ods-code: A81001, name: Us }
        retention: { payload: 30d, dead: 60d, metadata: 400d, audit: 2190d }
        http:
          listen: 0.0.0.0:7410
          admin: 127.0.0.1:7411
          tls: { certificate: tls/own.pem, key: tls/own.key, client-ca: tls/ca.pem }
        sources:
          - { name: folder, folder: in, marker: .done, claim: copy, poll: 5s }
          - { name: mesh, mesh-folder: mesh/in, workflows: { SP_REFERRAL: riverside-xml }, poll: 10s }
          - { name: post, http: { token: { file: secrets/post } } }
        routes:
          - name: hub
            consent: share-with-link-worker
            recipient: link-worker
            when: "urgency.code = 'urgent'"
            form: fhir-message
            receiver: { endpoint: urn:hub }
            order: person
            give-up: 5d
            http: { url: https://hub.example.org/in, token: { credential: hub }, concurrency: 4, timeout: 30s }
          - name: work
            consent: share-with-employment-support
            purpose: employment-support
            fields: [ work, needs ]
            order: none
            queue: work
          - { name: mesh-out, consent: none-needed, mesh-folder: { folder: mesh/out, from: X26OT1, to: X26OT2, workflow: SP } }
        """

    private func read(_ text: String) throws -> (Configuration?, [Finding], Folder) {
        let folder = try Folder()
        try folder.write("linkway.yaml", text.replacing("①", with: ""))
        var findings: [Finding] = []
        return (try Configuration.read(folder["linkway.yaml"], reporting: &findings), findings, folder)
    }

    @Test("everything that can be said is read")
    func sound() throws {
        let (read, findings, folder) = try read(Self.sound)
        let configuration = try #require(read, "\(FindingPrinter().text(findings))")
        #expect(findings.isEmpty)
        #expect(configuration.state == folder["var/state"] && configuration.graceSeconds == 30)
        #expect(
            configuration.retention
                == {
                    var own = Configuration.Retention(); own.dead = 60; return own
                }())
        #expect(configuration.http?.listen == .init(host: "0.0.0.0", port: 7410))
        #expect(configuration.http?.tls?.clientAuthority == folder["tls/ca.pem"])
        #expect(configuration.sources.map(\.folder) == [folder["in"], folder["mesh/in"], nil])
        let hub = configuration.routes[0]
        guard case .http(let endpoint) = hub.destination else {
            Issue.record("\(hub.destination)")
            return
        }
        #expect(endpoint.url == "https://hub.example.org/in" && endpoint.token?.place == .credential("hub"))
        #expect(hub.when?.text == "urgency.code = 'urgent'" && hub.form == "fhir-message" && hub.order == .person)
        #expect(configuration.routes[1].purpose == .employmentSupport && configuration.routes[1].order == .none)
        #expect(configuration.routes[1].fields?.map(\.text) == ["work", "needs"])
    }

    /// What to change, to what: ① stands before the place.
    static let mistakes: [(String, String, String)] = [
        ("an unknown key of http", "admin:", "①admn:"),
        ("an unknown key of a route", "give-up:", "①giveup:"),
        ("an unknown key of an endpoint", "concurrency: 4", "①concurency: 4"),
        ("an unknown key of the retention", "payload:", "①payloads:"),
        ("an unknown key of tls", "client-ca:", "①client_ca:"),
        ("an unknown key of a receiver", "{ endpoint: urn:hub }", "{ endpoint: urn:hub, ①odscode: X }"),
        ("a marker that is no ending", "marker: .done", "marker: ①done"),
        ("an unknown way to claim", "claim: copy", "claim: ①link"),
        ("a time that is none", "poll: 5s", "poll: ①often"),
        ("days without their unit", "give-up: 5d", "give-up: ①5"),
        ("days past their range", "audit: 2190d", "audit: ①40000d"),
        ("a grace past its range", "grace: 30s", "grace: ①3601s"),
        ("an address without a port", "127.0.0.1:7411", "①127.0.0.1"),
        ("a port past its range", "127.0.0.1:7411", "①127.0.0.1:70000"),
        ("an admin address off this machine", "127.0.0.1:7411", "①0.0.0.0:7411"),
        ("a listener off this machine in clear", "listen: 0.0.0.0:7410", "listen: ①0.0.0.0:7410"),
        ("a token in the file itself", "token: { file: secrets/post }", "token: ①hunter2"),
        ("a token of two places", "{ credential: hub }", "①{ credential: hub, file: x }"),
        ("a credential with a path", "{ credential: hub }", "①{ credential: ../hub }"),
        ("a concurrency past its range", "concurrency: 4", "concurrency: ①65"),
        ("referrals that leave in clear", "https://hub.example.org/in", "①http://hub.example.org/in"),
        (
            "a source of two kinds", "http: { token: { file: secrets/post } }",
            "folder: inn, http: ①{ token: { file: x } }"
        ),
        ("an HTTP source that knows nobody", "http: { token: { file: secrets/post } }", "http: ①{ certificates: [] }"),
        ("workflows that are a list", "{ SP_REFERRAL: riverside-xml }", "①[ SP_REFERRAL ]"),
        ("a route of two kinds", "queue: work", "queue: work\n    http: ①{ url: https://a.example }"),
        ("an order that is none", "order: person", "order: ①persons"),
        ("a condition that is a list", "\"urgency.code = 'urgent'\"", "①[ a ]"),
        ("an unknown recipient", "recipient: link-worker", "recipient: ①linkworker"),
        ("an unknown purpose", "purpose: employment-support", "purpose: ①employment"),
        ("a MESH folder without its workflow", "①", "①"),
        ("a purpose outside care without fields", "    fields: [ work, needs ]\n", ""),
        (
            "a benefits body by another consent", "recipient: link-worker", "recipient: benefits-conditionality-body"
        ),
        (
            "a consent for a benefits body without its recipient", "share-with-employment-support",
            "①share-with-benefits-conditionality-body"
        ),
    ]

    @Test("a mistake is told at its line and column, and nothing is read", arguments: mistakes)
    func mistake(_ item: (name: String, old: String, new: String)) throws {
        let text = try Self.changed(item)
        let (configuration, findings, _) = try read(text)
        #expect(configuration == nil)
        let place = try #require(Place.marked(in: ["linkway.yaml": text])?.position)
        #expect(
            findings.contains { $0.code == "configuration-invalid" && $0.location?.position == place },
            "\(FindingPrinter().text(findings)) \(place)")
    }

    /// Some changes need a second one, or mark a place that they do not change.
    private static func changed(_ item: (name: String, old: String, new: String)) throws -> String {
        switch item.name {
        case "a MESH folder without its workflow":
            return sound.replacing(
                "{ folder: mesh/out, from: X26OT1, to: X26OT2, workflow: SP }",
                with: "①{ folder: mesh/out, from: A, to: B }")
        case "a listener off this machine in clear":
            return sound.replacing(item.old, with: item.new).replacing(
                "  tls: { certificate: tls/own.pem, key: tls/own.key, client-ca: tls/ca.pem }\n", with: "")
        case "a purpose outside care without fields":
            return sound.replacing(item.old, with: item.new).replacing(
                "purpose: employment-support", with: "purpose: ①employment-support")
        case "a benefits body by another consent":
            return sound.replacing(item.old, with: item.new).replacing(
                "consent: share-with-link-worker", with: "consent: ①share-with-link-worker")
        default:
            #expect(sound.contains(item.old))
            return sound.replacing(item.old, with: item.new, maxReplacements: 1)
        }
    }

    @Test("a benefits body gets nothing without the consent that names it, said or unsaid")
    func benefits() throws {
        let route = "routes:\n  - { name: out, queue: q, recipient: benefits-conditionality-body"
        let head = "sources: [ { name: a, folder: in } ]\n"
        for consent in ["", ", consent: none-needed", ", consent: share-with-employment-support"] {
            #expect(try read(head + route + consent + " }\n").0 == nil)
        }
        let (configuration, findings, _) = try read(
            head + route + ", consent: share-with-benefits-conditionality-body }\n")
        #expect(configuration != nil, "\(FindingPrinter().text(findings))")
    }

    @Test("a listener may be off this machine behind TLS or a proxy that is vouched for")
    func listeners() throws {
        let tail = "sources: [ { name: a, folder: in } ]\nroutes: [ { name: out, queue: q, consent: none-needed } ]\n"
        #expect(try read("http: { listen: 0.0.0.0:80 }\n" + tail).0 == nil)
        for safe in ["listen: 127.0.0.1:80", "listen: \"[::1]:80\"", "listen: 0.0.0.0:80, trusted-proxy: true"] {
            let (configuration, findings, _) = try read("http: { \(safe) }\n" + tail)
            #expect(configuration != nil, "\(FindingPrinter().text(findings))")
        }
    }

    @Test("an endpoint in clear is for this machine alone")
    func loopback() throws {
        let head = "sources: [ { name: a, folder: in } ]\nroutes:\n  - { name: out, consent: none-needed, http: { url: "
        #expect(try read(head + "\"http://127.0.0.1:8080/in\" } }\n").0 == nil)
        #expect(try read(head + "\"http://127.0.0.1:8080/in\", loopback: true } }\n").0 != nil)
        #expect(try read(head + "\"http://hub.example.org/in\", loopback: true } }\n").0 == nil)
    }
}
