import Foundation
import Referrals
import Reporting
import Testing

@testable import Projections

@Suite struct FHIRMessageTests {
    private func bundle(_ referral: Referral, context: RenderContext = Rendered.context) throws -> [String: Any] {
        let bytes = Form.fhirMessage.render(referral, context: context)
        return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    private func resources(_ bundle: [String: Any]) throws -> [[String: Any]] {
        let entries = try #require(bundle["entry"] as? [[String: Any]])
        return entries.compactMap { $0["resource"] as? [String: Any] }
    }

    private func resources(_ json: String) throws -> [[String: Any]] {
        try resources(try bundle(try Rendered.read(json)))
    }

    private static func json(_ members: String) -> String {
        """
        {"schema":"referral/1","id":"11111111-1111-4111-8111-111111111111","status":"active","kind":"new",\
        "person":{"name":{"family":"Ashworth"}}\(members)}
        """
    }

    // MARK: The Bundle

    @Test("the same referral gives the same bytes, in whatever order it was built", arguments: 0..<20)
    func deterministic(seed: Int) throws {
        var maker = ReferralMaker(seed: UInt64(seed), density: 60)
        let referral = maker.referral()
        let bytes = try RoundTrip.message(referral)
        #expect(try RoundTrip.message(referral) == bytes)
        #expect(try RoundTrip.message(try Rendered.read(Rendered.canonical(referral))) == bytes)
        #expect(try RoundTrip.message(Self.reversed(referral)) == bytes)
    }

    /// The same referral with the fields of each group the other way round; lists keep their order.
    private static func reversed(_ referral: Referral) -> Referral {
        var copy = Referral(schema: referral.schema)
        func members(of group: UInt32, in parent: UInt32) {
            let children = referral.children(of: group)
            let fields = Set(children.map { referral.nodes[Int($0)].field }).sorted(by: >)
            for field in fields {
                for child in children where referral.nodes[Int(child)].field == field {
                    guard referral.schema[field].isGroup else {
                        copy.append(field, Array(referral.bytes(child)).span, in: parent)
                        continue
                    }
                    let opened = copy.open(field, in: parent)
                    members(of: child, in: opened)
                    copy.close(opened)
                }
            }
        }
        members(of: 0, in: 0)
        copy.close(0)
        return copy
    }

    @Test("every reference leads to an entry, and no two entries have one id", arguments: 0..<20)
    func references(seed: Int) throws {
        var maker = ReferralMaker(seed: UInt64(seed), density: UInt64(seed) * 5)
        let bundle = try bundle(maker.referral())
        let entries = try #require(bundle["entry"] as? [[String: Any]])
        let urls = entries.compactMap { $0["fullUrl"] as? String }
        #expect(urls.count == entries.count)
        #expect(Set(urls).count == urls.count)
        for entry in entries {
            let resource = try #require(entry["resource"] as? [String: Any])
            #expect(entry["fullUrl"] as? String == "urn:uuid:\(resource["id"] as? String ?? "")")
        }
        let references = Self.references(in: bundle)
        #expect(!references.isEmpty)
        #expect(references.filter { !urls.contains($0) } == [])
    }

    private static func references(in value: Any) -> [String] {
        switch value {
        case let object as [String: Any]:
            object.flatMap { key, inner in
                if key == "reference", let text = inner as? String { [text] } else { references(in: inner) }
            }
        case let list as [Any]: list.flatMap { references(in: $0) }
        default: []
        }
    }

    @Test("FHIR has no empty object, list or text, and none is sent", arguments: 0..<10)
    func nothingEmpty(seed: Int) throws {
        var maker = ReferralMaker(seed: UInt64(seed), density: 30)
        let text = String(decoding: try RoundTrip.message(maker.referral()), as: UTF8.self)
        #expect(!text.contains("{}") && !text.contains("[]") && !text.contains(":\"\""))
    }

    @Test("the key of the delivery names the message, and its time is that of the delivery")
    func envelope() throws {
        var context = Rendered.context
        context.sentAt = "2026-03-05T12:00:00Z"
        let bundle = try bundle(try Rendered.read(Self.json("")), context: context)
        #expect(bundle["id"] as? String == context.messageID)
        #expect(bundle["type"] as? String == "message")
        #expect(bundle["timestamp"] as? String == "2026-03-05T12:00:00Z")
        #expect(try resources(bundle).first?["resourceType"] as? String == "MessageHeader")
    }

    @Test(
        "what the message is for stands in the reason and in the status",
        arguments: [
            ("new", "active", "new", "active"), ("update", "active", "update", "active"),
            ("cancellation", "active", "delete", "revoked"), ("cancellation", "error", "delete", "entered-in-error"),
            ("new", "superseded", "new", "unknown"), ("new", "draft", "new", "draft"),
        ])
    func event(kind: String, status: String, reason: String, sent: String) throws {
        let json = Self.json("").replacing(
            "\"status\":\"active\",\"kind\":\"new\"", with: "\"status\":\"\(status)\",\"kind\":\"\(kind)\"")
        let found = try resources(json)
        let header = try #require(found.first)
        let coding = ((header["reason"] as? [String: Any])?["coding"] as? [[String: Any]])?.first
        #expect(coding?["code"] as? String == reason)
        #expect(found[1]["status"] as? String == sent)
    }

    // MARK: Safety

    @Test(
        "only a yes that stands by itself is a permission",
        arguments: [
            (#"{"scope":"share-with-employer","decision":"yes"}"#, "active permit"),
            (#"{"scope":"share-with-employer","decision":"no"}"#, "active deny"),
            (#"{"scope":"share-with-employer","decision":"withdrawn"}"#, "inactive -"),
            (#"{"scope":"share-with-employer","decision":"not-asked"}"#, "proposed -"),
            (#"{"scope":"share-with-employer","decision":"yes","purpose":["GOV"]}"#, "proposed -"),
            (#"{"scope":"share-with-employer","decision":"yes","sharedWith":["gp"]}"#, "proposed -"),
            (#"{"scope":"share-with-employer","decision":"yes","sharedWith":["employer"]}"#, "active permit"),
            (#"{"scope":"share-with-employer","decision":"yes","neverTo":["employer"]}"#, "proposed -"),
            (#"{"scope":"share-with-employer"}"#, "proposed -"),
        ])
    func consent(entry: String, expected: String) throws {
        let consent = try #require(
            try resources(Self.json(",\"consent\":[\(entry)]")).first { $0["resourceType"] as? String == "Consent" })
        let type = (consent["provision"] as? [String: Any])?["type"] as? String
        #expect("\(consent["status"] as? String ?? "") \(type ?? "-")" == expected)
    }

    @Test("a `neverTo` of one decision takes back the yes of another")
    func neverTo() throws {
        let json = Self.json(
            #","consent":[{"scope":"share-with-employer","decision":"yes"},{"scope":"research","decision":"no","neverTo":["employer"]}]"#
        )
        let permits = try resources(json).filter { ($0["provision"] as? [String: Any])?["type"] as? String == "permit" }
        #expect(permits.isEmpty)
    }

    @Test("that there is no risk or concern warns nobody, and a concern to be kept from the person says so")
    func flags() throws {
        let none = try resources(
            Self.json(#","risks":[{"none":true}],"safeguarding":[{"concern":"no"}]"#))
        #expect(!none.contains { $0["resourceType"] as? String == "Flag" })
        let hidden = try resources(
            Self.json(#","safeguarding":[{"concern":"yes","text":"Known","withholdFromPerson":true}]"#))
        let flag = try #require(hidden.first { $0["resourceType"] as? String == "Flag" })
        let labels = ((flag["meta"] as? [String: Any])?["security"] as? [[String: Any]])?.compactMap {
            $0["code"] as? String
        }
        #expect(labels == ["NOPAT"])
    }

    // MARK: Projection

    @Test("what a projection leaves out stands nowhere in the bytes, whatever the form", arguments: 0..<40)
    func leaks(seed: Int) throws {
        var maker = ReferralMaker(seed: UInt64(seed), density: 60)
        let referral = maker.referral()
        var random = SplitMix(state: UInt64(seed))
        let fields = Schema.referral.fields.dropFirst().filter { _ in random.next() % 40 == 0 }.filter { field in
            var findings: [Finding] = []
            return FieldProjection.parse([(field.path, nil)], file: "", reporting: &findings) != nil
        }
        var findings: [Finding] = []
        let projection = try #require(
            FieldProjection.parse(fields.map { ($0.path, nil) }, file: "", reporting: &findings))
        let projected = projection.apply(referral)
        for form in Form.all where form.carries(.referrals) {
            let sent = String(decoding: form.render(projected, context: Rendered.context), as: UTF8.self)
            let dropped = Self.canaries(of: referral) { !projection.keeps($0.id) }
            #expect(dropped.filter { sent.contains($0.canary) }.map(\.path) == [])
        }
    }

    @Test("everything that is kept is sent, in every form", arguments: 0..<20)
    func nothingForgotten(seed: Int) throws {
        var maker = ReferralMaker(seed: UInt64(seed), density: 60)
        let referral = maker.referral()
        for form in Form.all where form.carries(.referrals) {
            let sent = String(decoding: form.render(referral, context: Rendered.context), as: UTF8.self)
            let kept = Self.canaries(of: referral) { form.name == "canonical" || !Self.isNotSent($0) }
            #expect(kept.filter { !sent.contains($0.canary) }.map(\.path) == [])
        }
    }

    /// Where the referral came from, and the system of a code of our own, for which the form has one.
    private static func isNotSent(_ field: Field) -> Bool {
        field.path.hasPrefix("source.") || field.name == "system" && Schema.referral[field.parent].isClosed
    }

    private static func canaries(of referral: Referral, where isWanted: (Field) -> Bool) -> [(
        path: String, canary: String
    )] {
        (1..<UInt32(referral.nodes.count)).compactMap { node in
            guard isWanted(referral.schema[referral.nodes[Int(node)].field]) else { return nil }
            return ReferralMaker.canary(in: referral.text(node)).map { (referral.path(of: node), $0) }
        }
    }
}
