import Foundation
import Testing

@testable import Gateway

/// A document made of a sample that comes with Linkway, with some of its texts changed where they stand first.
struct ChangedSample: Sendable {
    var sample: String
    var changes: [(from: String, to: String)]

    init(_ sample: String, _ changes: (String, String)...) {
        self.sample = sample
        self.changes = changes.map { (from: $0.0, to: $0.1) }
    }

    /// Its text; a change that finds nothing to change fails the test.
    func text() throws -> String {
        let file = Repository.folder.appendingPathComponent("samples/" + sample)
        var text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        for (from, to) in changes {
            try #require(text.contains(from), "\(sample) does not hold \(from)")
            text = text.replacing(from, with: to, maxReplacements: 1)
        }
        return text
    }

    /// A referral of another format that names its earlier identifier: what a sender of `number` changes later.
    static func known(as number: String, nhsNumber: String) -> ChangedSample {
        ChangedSample("fhir-bars/minimal.json", ("MV-REF-7711", number), ("9990004234", nhsNumber))
    }
}

/// How the documents of one mapping change a referral that was sent before.
struct ChangeWay: Sendable, CustomTestStringConvertible {
    let mapping: String
    let original: ChangedSample
    var update: ChangedSample?
    var updatedStatus = "active"
    var cancellation: ChangedSample?
    var cancelledStatus = "revoked"
    var testDescription: String { mapping }
}

/// The ways of every mapping that comes with Linkway.
enum PackChanges {
    /// Mappings whose format cannot say that it changes a referral.
    static let without = ["tpp-xml", "ers-stu3"]

    static let ways = envelopes + records + others + fhir

    private static let envelopes = [
        ChangeWay(
            mapping: "itk-cda",
            original: ChangedSample(
                "itk-cda/bare-prefixed.xml", cdaFirst, ("1111-4000-8000-00000000C002", "1111-4000-8000-00000000C009")),
            update: ChangedSample("itk-cda/bare-prefixed.xml")),
        ChangeWay(
            mapping: "itk-cda-soap", original: ChangedSample("itk-cda-soap/soap-default-ns.xml"),
            update: ChangedSample("itk-cda-soap/replacement.xml")),
        ChangeWay(
            mapping: "ccda",
            original: ChangedSample(
                "ccda/replacement.xml", ("RPLC", "XFRM"), ("RN-2045", "RN-2044"), ("RN-2046", "RN-2045"), cdaFirst),
            update: ChangedSample("ccda/replacement.xml"), cancellation: ChangedSample("ccda/withdrawn.xml")),
        ChangeWay(
            mapping: "hl7v2-ref", original: ChangedSample("hl7v2-ref/new.hl7"),
            update: ChangedSample("hl7v2-ref/changed.hl7"), cancellation: ChangedSample("hl7v2-ref/cancelled.hl7")),
        ChangeWay(
            mapping: "kettering", original: ChangedSample("kettering/referral-letter.xml"),
            update: ChangedSample(
                "kettering/referral-letter.xml", ("MsgStatus=\"New\"", "MsgStatus=\"Update\""),
                ("KET-3001", "KET-3002")),
            cancellation: ChangedSample(
                "kettering/referral-letter.xml", ("MsgStatus=\"New\"", "MsgStatus=\"Cancel\""),
                ("KET-3001", "KET-3003"))),
        ChangeWay(
            mapping: "itk3-document", original: ChangedSample("itk3-document/referral.xml"),
            update: ChangedSample("itk3-document/replacement.xml"),
            cancellation: ChangedSample("itk3-document/withdrawn.xml"), cancelledStatus: "error"),
    ]

    private static let cdaFirst = ("<cda:versionNumber value=\"2\"/>", "<cda:versionNumber value=\"1\"/>")

    // MARK: Records, which are sent again as a whole

    private static let records = [
        ChangeWay(
            mapping: "gp2gp-ehrextract",
            original: .known(as: "0B8C2F10-51A7-4C0B-9A57-6E1D20A4F020", nhsNumber: "9990001987"),
            cancellation: ChangedSample("gp2gp-ehrextract/two-referrals.xml", nullified(indent: 18)),
            cancelledStatus: "error"),
        ChangeWay(
            mapping: "gp2gp-ehrextract-07",
            original: .known(as: "0B8C2F10-51A7-4C0B-9A57-6E1D20A4F020", nhsNumber: "9990001987"),
            cancellation: ChangedSample("gp2gp-ehrextract-07/one-referral.xml", nullified(indent: 18)),
            cancelledStatus: "error"),
        ChangeWay(
            mapping: "gp2gp-fragment",
            original: .known(as: "0B8C2F10-51A7-4C0B-9A57-6E1D20A4F020", nhsNumber: "9990001987"),
            cancellation: ChangedSample("gp2gp-fragment/extract-alone.xml", nullified(indent: 12)),
            cancelledStatus: "error"),
        ChangeWay(
            mapping: "emis-open",
            original: ChangedSample(
                "emis-open/record.xml", ("<Rejected>1</Rejected>", "<Rejected>0</Rejected>"),
                ("<RejectionReason>No adviser until May.</RejectionReason>", "")),
            update: ChangedSample("emis-open/record.xml"), updatedStatus: "revoked"),
        ChangeWay(
            mapping: "emis-open-envelope", original: ChangedSample("emis-open-envelope/enveloped.xml"),
            update: ChangedSample(
                "emis-open-envelope/enveloped.xml",
                ("<Assessed>0</Assessed>", "<Assessed>0</Assessed><Rejected>1</Rejected>")),
            updatedStatus: "revoked"),
        ChangeWay(
            mapping: "openhr",
            original: ChangedSample("openhr/record.xml", ("<event updateMode=\"delete\">", "<event>")),
            update: ChangedSample(
                "openhr/record.xml", ("000000000001</id>", "000000000002</id>"),
                ("<event updateMode=\"delete\">", "<event updateMode=\"edit\">"), ("exercise class", "swimming class")),
            cancellation: ChangedSample("openhr/record.xml", ("000000000001</id>", "000000000003</id>")),
            cancelledStatus: "error"),
        ChangeWay(
            mapping: "gpc-structured", original: ChangedSample("gpc-structured/one.json"),
            update: ChangedSample(
                "gpc-structured/one.json", ("\"value\": \"ccs-60\"", "\"value\": \"ccs-61\""),
                (
                    "\"intent\": \"order\",\n        \"priority\"",
                    gpcReplaces + "\"intent\": \"order\",\n        \"priority\""
                )),
            cancellation: ChangedSample("gpc-structured/one.json", gpcCancelled)),
        ChangeWay(
            mapping: "gpc-referral", original: .known(as: "ccs-60", nhsNumber: "9990001049"),
            cancellation: ChangedSample(
                "gpc-referral/alone.json",
                ("\"status\": \"active\",\n  \"intent\"", "\"status\": \"cancelled\",\n  \"intent\""))),
    ]

    /// The status of the first request.
    private static func nullified(indent: Int) -> (String, String) {
        let before = "her sister died</text>\n" + String(repeating: " ", count: indent)
        return (before + "<statusCode code=\"COMPLETE\"/>", before + "<statusCode code=\"NULLIFIED\"/>")
    }

    private static let gpcReplaces = "\"replaces\": [{\"identifier\": {\"value\": \"ccs-60\"}}], "
    private static let gpcCancelled = (
        "\"status\": \"active\",\n        \"intent\": \"order\",\n        \"priority\"",
        "\"status\": \"cancelled\",\n        \"intent\": \"order\",\n        \"priority\""
    )

    // MARK: Spreadsheets, and the imaginary system

    private static let others = [
        ChangeWay(
            mapping: "csv", original: row("New"), update: row("Update"), cancellation: row("Cancel")),
        ChangeWay(
            mapping: "riverside-xml", original: ChangedSample("riverside-xml/minimal.xml"),
            update: ChangedSample(
                "riverside-xml/minimal.xml", ("<Header>", "<Header><Kind>UPDATE</Kind>"),
                ("version=\"1\"", "version=\"2\"")),
            cancellation: ChangedSample("riverside-xml/cancellation.xml")),
        ChangeWay(
            mapping: "riverside-json", original: ChangedSample("riverside-json/minimal.json"),
            update: ChangedSample(
                "riverside-json/minimal.json", ("\"message\": {", "\"message\": { \"kind\": \"UPDATE\","),
                ("\"rev\": 1", "\"rev\": 2")),
            cancellation: ChangedSample(
                "riverside-json/minimal.json", ("\"message\": {", "\"message\": { \"kind\": \"CANCEL\","),
                ("\"rev\": 1", "\"rev\": 3"))),
    ]

    /// A spreadsheet with one row.
    private static func row(_ action: String) -> ChangedSample {
        ChangedSample(
            "csv/few-columns.csv", ("Referral ID,", "Referral ID,Action,"), ("A-1,", "A-1,\(action),"),
            ("A-2,,Sedge,Nell,28/02/1994,New to the town,None known", ""))
    }

    // MARK: FHIR

    private static let fhir = [
        ChangeWay(
            mapping: "fhir-bars", original: ChangedSample("fhir-bars/minimal.json"),
            update: ChangedSample("fhir-bars/minimal.json", ("\"code\": \"new\"", "\"code\": \"update\"")),
            cancellation: ChangedSample(
                "fhir-bars/minimal.json", ("\"code\": \"new\"", "\"code\": \"update\""),
                ("\"status\": \"active\",\n    \"intent\"", "\"status\": \"revoked\",\n    \"intent\""))),
        ChangeWay(
            mapping: "ers-stu3-referral", original: .known(as: "000000990011", nhsNumber: "9990001006"),
            cancellation: ChangedSample("ers-stu3-referral/cancelled.json")),
        ChangeWay(
            mapping: "ers-r4", original: .known(as: "000000990012", nhsNumber: "9990001014"),
            cancellation: ChangedSample("ers-r4/search.json")),
        ChangeWay(
            mapping: "ers-r4-referral", original: .known(as: "000000990022", nhsNumber: "9990001014"),
            cancellation: ChangedSample("ers-r4-referral/revoked.json")),
        ChangeWay(
            mapping: "sdoh", original: ChangedSample("sdoh/referral.json", sdohNamed),
            update: ChangedSample("sdoh/referral.json", sdohReplacing),
            cancellation: ChangedSample("sdoh/cancelled.json", sdohNamed)),
        ChangeWay(
            mapping: "bser-message", original: ChangedSample("bser-message/referral.xml"),
            update: ChangedSample("bser-message/update.xml"), cancellation: ChangedSample("bser-message/cancel.xml")),
        ChangeWay(
            mapping: "bser-document", original: ChangedSample("bser-document/document.xml"),
            update: ChangedSample("bser-document/replacement.xml"),
            cancellation: ChangedSample(
                "bser-document/document.xml",
                ("<status value=\"final\"/>\n        <type>", "<status value=\"entered-in-error\"/>\n        <type>")),
            cancelledStatus: "error"),
        ChangeWay(
            mapping: "uk-core", original: ChangedSample("uk-core/referral.json"),
            update: ChangedSample(
                "uk-core/referral.json", ("R-2026-118", "R-2026-119"),
                (
                    "\"intent\": \"order\",",
                    "\"replaces\": [{\"identifier\": {\"value\": \"R-2026-118\"}}], \"intent\": \"order\","
                )),
            cancellation: ChangedSample(
                "uk-core/referral.json",
                (
                    "\"status\": \"active\",\n        \"intent\": \"order\"",
                    "\"status\": \"revoked\",\n        \"intent\": \"order\""
                ))),
    ]

    private static let sdohNamed = (
        "\"intent\": \"order\",\n        \"category\"",
        identified("F-1") + "\"intent\": \"order\",\n        \"category\""
    )
    private static let sdohReplacing = (
        "\"intent\": \"order\",\n        \"category\"",
        identified("F-2")
            + "\"replaces\": [{\"identifier\": {\"value\": \"F-1\"}}], \"intent\": \"order\",\n        \"category\""
    )

    private static func identified(_ value: String) -> String {
        "\"identifier\": [{\"system\": \"https://ehr.example.org/Id/request\", \"value\": \"\(value)\"}], "
    }
}
