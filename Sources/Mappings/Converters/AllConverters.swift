/// The converters a mapping may name after `as:`. Adding one is one file and one row here.
package enum AllConverters {
    package static let all: [any Converter.Type] = [
        TextConverter.self,
        TokenConverter.self,
        CodeConverter.self,
        DateConverter.self,
        PartialDateConverter.self,
        DateTimeConverter.self,
        IntegerConverter.self,
        BooleanConverter.self,
        UUIDConverter.self,
        URLConverter.self,
        NHSNumberConverter.self,
        ODSCodeConverter.self,
        ODSAddressConverter.self,
        GMCNumberConverter.self,
        GMPCodeConverter.self,
        SNOMEDConverter.self,
        PostcodeConverter.self,
        PhoneConverter.self,
        EmailConverter.self,
        TelecomConverter.self,
        NarrativeConverter.self,
        Base64Converter.self,
    ]

    /// Their names, in the order of the documentation.
    package static let names: [String] = all.map { $0.spec.name }

    /// The converter of a name, or `nil` when there is none.
    package static func named(_ name: String) -> (any Converter.Type)? { byName[name] }

    private static let byName: [String: any Converter.Type] = Dictionary(
        all.map { ($0.spec.name, $0) }, uniquingKeysWith: { first, _ in first })
}
