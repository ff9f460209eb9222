import Reporting

/// An ITK address, which names an organisation and perhaps a team in it.
package struct ODSAddressConverter: Converter {
    package static let spec = ConverterSpec(
        name: "ods-address",
        summary: "The organisation in an ITK address or identity, or the team behind it.",
        arguments: [
            "part": "`organisation`, or `team` (whatever stands behind the organisation's code; missing when nothing "
                + "does); left out, `organisation`"
        ],
        source: "ITK 2.2 Core, addressing: `urn:nhs-uk:addressing:ods:` and `urn:nhs-uk:identity:ods:`",
        examples: [
            ConverterExample("urn:nhs-uk:addressing:ods:A81001", gives: "A81001"),
            ConverterExample("urn:nhs-uk:identity:ods:RXX01:uid:7", gives: "RXX01"),
            ConverterExample("urn:nhs-uk:addressing:ods:FA123:Referrals", gives: "FA123"),
            ConverterExample(
                "urn:nhs-uk:addressing:ods:FA123:Referrals", gives: "Referrals", arguments: ["part": "team"]),
            ConverterExample("urn:nhs-uk:addressing:ods:FA123", outcome: .blank, arguments: ["part": "team"]),
            ConverterExample("urn:nhs-uk:addressing:ods:", outcome: .invalid(.odsAddressMalformed)),
            ConverterExample("urn:nhs-uk:addressing:dos:A81001", outcome: .invalid(.odsAddressMalformed)),
            ConverterExample("A81001", outcome: .invalid(.odsAddressMalformed)),
            ConverterExample("", outcome: .blank),
        ])

    private static let prefixes: [StaticString] = ["urn:nhs-uk:addressing:ods:", "urn:nhs-uk:identity:ods:"]

    private let givesTeam: Bool

    package init(arguments: [String: String]) throws(ArgumentProblem) {
        givesTeam = try arguments.word("part", of: ["organisation", "team"], default: "organisation") == "team"
    }

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        let range = input.trimmed()
        guard !range.isEmpty else { return .blank }
        let text = input.extracting(range)
        guard let start = Self.prefixes.first(where: { text.hasPrefix($0) })?.utf8CodeUnitCount else {
            return .invalid(.odsAddressMalformed)
        }
        var end = start
        while end < text.count, text[end] != 0x3A { end += 1 }
        guard end > start else { return .invalid(.odsAddressMalformed) }
        if !givesTeam { return ODSCodeConverter.write(text.extracting(start..<end), into: &output) }
        let behind = text.extracting(min(end + 1, text.count)..<text.count)
        let team = behind.trimmed()
        guard !team.isEmpty else { return .blank }
        output.set(behind.extracting(team))
        return .converted
    }
}
