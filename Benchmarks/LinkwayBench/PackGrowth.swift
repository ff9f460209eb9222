/// Grows a sample to the size of what is really sent, by repeating the part of it that is repeated in real documents of its
/// kind: a section of a letter, an entry of a record, a row of a table.
///
/// Samples are as small as their tests allow, and what a referral costs whatever its size (identity, digest, findings,
/// output) weighs on them; between documents of one size the formats are compared and not the samples.
struct PackGrowth {
    /// What is repeated, from the beginning of the first text to the end of the next that is the second.
    let from: String
    let to: String
    /// What stands between two of them.
    var joint = ""

    /// Bytes that a sample is grown to; one that is nearly so large stays as it is.
    static let size = 10_000
    private static let enough = 9_000

    /// The sample grown; as it was where no part to repeat is known.
    static func grown(_ sample: [UInt8], of mapping: String) -> [UInt8] {
        guard sample.count < enough, let growth = all[mapping] else { return sample }
        let text = String(decoding: sample, as: UTF8.self)
        guard let first = text.firstRange(of: growth.from),
            let last = text[first.upperBound...].firstRange(of: growth.to)
        else { preconditionFailure("the sample of `\(mapping)` has no part to repeat any more") }
        let part = growth.joint + text[first.lowerBound..<last.upperBound]
        let count = (size - sample.count + part.utf8.count / 2) / part.utf8.count
        return Array((text[..<last.upperBound] + String(repeating: part, count: count) + text[last.upperBound...]).utf8)
    }

    /// By mapping. In records it is an entry that is no referral, in letters the list or the text that grows.
    private static let all: [String: PackGrowth] = [
        "csv": PackGrowth(from: "SP-101,", to: "after noon.\r\n"),
        "emis-open": PackGrowth(from: asthma, to: "</ConsultationElement>"),
        "emis-open-envelope": PackGrowth(from: asthma, to: "</ConsultationElement>"),
        "ers-r4": PackGrowth(
            from:
                "{\n      \"fullUrl\": \"https://api.example.nhs.uk/R4/ServiceRequest/r.832db7fa-ebdd-44b6-ab3b-8329c2d40001",
            to: "\"match\"\n      }\n    }", joint: ","),
        "ers-stu3": PackGrowth(
            from: "{\n            \"item\":", to: "Aire Street\"\n            }\n          }", joint: ","),
        "ers-stu3-referral": PackGrowth(
            from: "{\n          \"item\":", to: "Aire Street\"\n          }\n        }", joint: ","),
        "gp2gp-ehrextract-07": statement, "gp2gp-fragment": statement,
        "gpc-referral": PackGrowth(from: "{\n      \"text\": \"Hard", to: "}", joint: ","),
        "itk-cda": PackGrowth(
            from: "<cda:component typeCode=\"COMP\" contextConductionInd=\"true\">\n              <cda:section",
            to: "</cda:section>\n            </cda:component>"),
        "kettering": PackGrowth(from: "<TextItem><Heading>Reason", to: "</TextItem>"),
        "openhr": PackGrowth(from: "<event><id>0a000000-0000-4000-8000-000000000082", to: "</event>"),
        "riverside-json": PackGrowth(from: "{ \"scheme\": \"read2\"", to: "}", joint: ", "),
        "riverside-xml": PackGrowth(from: "<Need scheme=\"read2\"", to: "</Need>"),
        "tpp-xml": PackGrowth(from: "<Event DateTime=\"2025-10-01", to: "</Event>"),
    ]

    private static let statement = PackGrowth(
        from: "<component typeCode=\"COMP\"><ObservationStatement", to: "</ObservationStatement></component>")
    private static let asthma = "<ConsultationElement>\n          <DisplayOrder>1"
}
