import Referrals

/// The fields of an NHS number, where the schema has them.
struct NHSNumberFields {
    let group: FieldID
    let value: FieldID
    let status: FieldID

    init?(_ schema: Schema) {
        guard let group = schema.field("person.nhsNumber"), let value = schema.field("person.nhsNumber.value"),
            let status = schema.field("person.nhsNumber.status")
        else { return nil }
        (self.group, self.value, self.status) = (group.id, value.id, status.id)
    }
}

extension Evaluation {
    /// A number that was left out, for want of its check digit or altogether, has not been verified, whatever the sender
    /// says: its status becomes `unknown`. The finding about the number holds the referral; this keeps whoever looks at
    /// what is held from reading that the person was traced.
    mutating func withdrawVerification(in group: UInt32) {
        guard let nhsNumber else { return }
        var status: UInt32?
        for node in (group + 1)..<UInt32(max(referral.nodes.count, Int(group) + 1)) {
            if referral.nodes[Int(node)].field == nhsNumber.value { return }
            if referral.nodes[Int(node)].field == nhsNumber.status { status = node }
        }
        guard let status, referral.reads(status, "verified") else { return }
        var origin = referral.nodes[Int(status)].origin
        if origin != Referral.noOrigin {
            var withdrawn = origins[Int(origin)]
            withdrawn.kind = .fallback
            origin = add(withdrawn)
        }
        let unknown = Array("unknown".utf8)
        referral.replace(status, with: unknown.span, origin: origin)
    }
}
