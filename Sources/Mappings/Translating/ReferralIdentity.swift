package import Referrals

/// What a referral is known by.
extension Referral {
    /// The referral's id; empty only before it was given one.
    package var id: String {
        guard let field = schema.field("id"), let node = first(field.id) else { return "" }
        return text(node)
    }

    /// Whether two referrals say the same, apart from where they were read.
    package func saysTheSame(as other: Referral) -> Bool {
        let source = schema.field(MappingCompiler.sourceField)?.id
        var own: [UInt8] = []
        var others: [UInt8] = []
        appendContent(leavingOut: source, to: &own)
        other.appendContent(leavingOut: source, to: &others)
        return own == others
    }
}
