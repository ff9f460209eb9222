import Testing

@testable import Reporting

@Suite("What may be shown of names")
struct PrintableTests {
    @Test(
        "what could mislead is written out",
        arguments: [
            ("plain é🙂", "plain é🙂"), ("", ""), ("a\nb", "a\\u{A}b"), ("\u{1B}[2J", "\\u{1B}[2J"),
            ("\u{7F}\u{85}\u{9B}", "\\u{7F}\\u{85}\\u{9B}"),
            ("\u{202E}x\u{2066}\u{200F}\u{61C}", "\\u{202E}x\\u{2066}\\u{200F}\\u{61C}"),
            ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
        ])
    func printable(text: String, shown: String) {
        #expect(text.printable() == shown)
    }

    @Test("a long name loses its middle and keeps its ending")
    func long() {
        let name = String(repeating: "a", count: 300) + ".xml"
        #expect(name.printableName.count == 120)
        #expect(name.printableName.hasPrefix("aaa") && name.printableName.hasSuffix("a.xml"))
        #expect(name.printable() == name)
        #expect(String(repeating: "a", count: 120).printableName.count == 120)
    }

    @Test(
        "names as programs have them are shown",
        arguments: [
            "Referral", "nhs-number", "PID.3", "xsi:type", "_x", "line1", "Größe", "v20240",
            String(repeating: "n", count: 40), "",
        ])
    func shown(name: String) {
        #expect(DocumentName.shown(name) == name)
    }

    @Test(
        "names that could tell of a person are not",
        arguments: [
            "Aisha Ashworth", "n9990000018", "999-000-0018", "2024-01-15", "a\u{1B}", "a'b",
            String(repeating: "n", count: 41), "a@b", "a/b",
            "x\u{202E}y",
        ])
    func withheld(name: String) {
        #expect(DocumentName.shown(name) == "‹name withheld›")
    }

    @Test(
        "namespaces",
        arguments: [
            ("urn:hl7-org:v3", true), ("http://hl7.org/fhir", true), ("urn:nhs-itk:ns:201005", true),
            ("urn:oid:2.16.840.1.113883.2.1.4.1", true),
            ("http://schemas.xmlsoap.org/soap/envelope/", true), ("urn:patient:Aisha Ashworth", false),
            ("urn:patient:9990000018", false),
            ("urn:patient:999-000-0018", false), ("file:///home", false), ("urn:\u{9B}2J", false),
            ("urn:" + String(repeating: "n", count: 97), false),
        ])
    func namespaces(namespace: String, isShown: Bool) {
        #expect(DocumentName.shown(namespace: namespace) == (isShown ? namespace : "‹name withheld›"))
    }
}
