import Foundation
import Mappings
import Referrals
import Reporting
import Testing

@testable import Projections

@Suite("itk3-document")
struct ITK3DocumentTests {
    private static let outcome = """
        {"schema":"outcome/1","id":"7b0c3a52-5a3a-4d0e-9a53-0c9a6e1d2f10","kind":"reviewed",
        "referralId":"3aaf8f60-7a35-8e4a-bb8c-557994e496ed","at":"2026-06-01T15:30:00+01:00",
        "from":{"name":"Rosa Quill","organisation":"Kirkgate Community Trust"},
        "requestsOfGp":[{"text":"Review <b>the</b> fit note & ring \\"Rosa\\""}],
        "person":{"nhsNumber":{"value":"9990001057","status":"verified"},"name":{"family":"Campbell","given":["Delroy"]},
        "birthDate":"1963-08-19"},"gpPractice":{"odsCode":"A81001","name":"Aire Street Surgery"},
        "measures":[{"scale":"ONS4","first":{"score":"3","at":"2026-03-01"},"last":{"score":"7.5"}}],
        "work":{"statusAtReferral":{"code":"04"},"events":[{"kind":"returned","at":"2026-05-04","hoursPerWeek":20}]},
        "risks":[{"none":true}],"shareWith":["share-back-to-gp"]}
        """

    private func render(_ change: (String, String) = ("", ""), about: Referral? = nil) throws -> String {
        let text = change.0.isEmpty ? Self.outcome : Self.outcome.replacingOccurrences(of: change.0, with: change.1)
        let outcome = try #require(Outcome.read(Array(text.utf8)).outcome)
        var context = Rendered.context
        context.about = about
        let bytes = Form.itk3Document.render(outcome.record, context: context)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// With `LINKWAY_WRITE_DOCS=1` the golden file is written anew instead of compared.
    @Test("the whole message is that of the golden file")
    func golden() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
            path: "Golden/outcome.itk3.xml")
        let text = try render().replacingOccurrences(of: "><", with: ">\n<") + "\n"
        if ProcessInfo.processInfo.environment["LINKWAY_WRITE_DOCS"] == "1" {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        } else {
            #expect(try String(contentsOf: file, encoding: .utf8) == text)
        }
    }

    @Test("it is well-formed XML in which no word of a person became markup, with the requests first")
    func escaped() throws {
        let text = try render()
        #expect(XMLCheck.isWellFormed(text))
        #expect(!text.contains("<b>") && text.contains("&lt;b&gt;the&lt;/b&gt; fit note &amp; ring &quot;Rosa&quot;"))
        let plan = try #require(text.range(of: "Plan and requested actions"))
        let summary = try #require(text.range(of: "What came of it"))
        #expect(plan.lowerBound < summary.lowerBound && text.contains("value=\"FA\""))
    }

    @Test("the page is attached whole, escaped, and the key stands where an answer will name it")
    func attachment() throws {
        let text = try render()
        let content = try #require(text.components(separatedBy: "<content value=\"").last?.split(separator: "\"").first)
        let page = String(decoding: try #require(Data(base64Encoded: String(content))), as: UTF8.self)
        #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("CAMPBELL") && !page.contains("<b>"))
        #expect(page.contains("No known risks.") && page.contains("20 hours a week"))
        let key = Rendered.context.messageID
        #expect(text.contains("<MessageHeader><id value=\"\(key)\"/>"))
    }

    @Test("our own mapping pack reads it, by content, and holds it as a document that asks for no referral")
    func readBack() throws {
        let translation = try RoundTrip.translator().translate(Array(try render().utf8), named: "message.xml")
        #expect(translation.mapping?.hasPrefix("itk3-document@") == true && translation.outcome == .held)
        #expect(Set(translation.findings.filter { $0.severity >= .quarantine }.map(\.code)) == ["purpose-unclear"])
        let referral = try #require(translation.parts.first?.referral)
        func text(_ path: String) -> String? {
            referral.schema.field(path).flatMap { referral.first($0.id) }.map { referral.text($0) }
        }
        #expect(text("person.nhsNumber.value") == "9990001057" && text("person.nhsNumber.status") == "verified")
        #expect(text("person.name.family") == "Campbell" && text("gpPractice.odsCode") == "A81001")
        #expect(text("referrer.organisation") == "Kirkgate Community Trust")
        #expect(text("documents.contentType") == "text/html")
    }

    @Test("nothing asked of the practice is said in words, and the message is for information")
    func nothingAsked() throws {
        let text = try render(("{\"text\":\"Review <b>the</b> fit note & ring \\\"Rosa\\\"\"}", "{\"none\":true}"))
        #expect(text.contains("Nothing is asked of the GP practice.") && text.contains("value=\"FI\""))
    }

    @Test("a correction says what it takes the place of, and lines of a text stay lines")
    func correction() throws {
        let (id, words) = ("0f8fad5b-d9cb-469f-a165-70867728950e", "\"clinicalSummary\":\"one\\ntwo\"")
        let text = try render(
            ("\"kind\":\"reviewed\"", "\"kind\":\"correction\",\"corrects\":\"\(id)\",\(words)"))
        #expect(text.contains("<relatesTo><code value=\"replaces\"/><targetIdentifier>"))
        #expect(text.contains("It takes the place of the outcome \(id).") && text.contains("one<br/>two"))
    }

    @Test(
        "a safeguarding concern makes it restricted; that there is none does not", arguments: ["yes", "unknown", "no"])
    func restricted(concern: String) throws {
        let text = try render(("\"shareWith\"", "\"safeguarding\":[{\"concern\":\"\(concern)\"}],\"shareWith\""))
        #expect(text.contains("<confidentiality value=\"\(concern == "no" ? "N" : "R")\"/>"))
    }

    @Test("the person is the one the practice referred, and nothing of where they live goes back")
    func person() throws {
        let about = try Rendered.read(
            """
            {"schema":"referral/1","person":{"nhsNumber":{"value":"9990004110","status":"verified"},
            "name":{"family":"Dray"},"birthDate":"1963-08-19","addresses":[{"lines":["1 Weir Lane"],"postcode":"LS1 1AA"}],
            "telecoms":[{"system":"phone","value":"0113 496 0000"}]},"reason":{"text":"Lives alone"}}
            """)
        let text = try render(about: about)
        #expect(text.contains("<family value=\"Dray\"/>") && text.contains("9990004110"))
        #expect(!["Campbell", "Weir", "LS1", "0113", "alone"].contains { text.contains($0) })
    }

    @Test("base64 is that of RFC 4648", arguments: ["", "f", "fo", "foo", "foob", "fooba", "foobar"])
    func base64(text: String) { #expect(Base64.text(Array(text.utf8)) == Data(text.utf8).base64EncodedString()) }
}
