import Reporting

/// V19: postcodes and property numbers have the shape they must have.
enum AddressRule: Rule {
    static let number = "V19"
    static let summary = "postcodes and UPRNs are well formed"
    static let codes = [
        RuleCode("postcode-invalid", minimum: .warn, prsb: .warn),
        RuleCode("uprn-invalid", minimum: .warn, prsb: .warn),
    ]

    static func check(_ context: inout RuleContext) {
        for field in context.fields.postcodes {
            for node in context.all(field) where !context.read(node, Lexical.isPostcode) {
                context.report("postcode-invalid", field, at: node)
            }
        }
        for field in context.fields.uprns {
            for node in context.all(field) where !context.read(node, Lexical.isUPRN) {
                context.report("uprn-invalid", field, at: node)
            }
        }
    }
}
