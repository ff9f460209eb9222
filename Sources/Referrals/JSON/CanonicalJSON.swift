/// The canonical referral as JSON (RFC 8259): one form, whoever writes it.
///
/// Members stand in the order of the schema, absent fields are absent, text is raw UTF-8 with the least escaping.
package enum CanonicalJSON {
    /// Appends a referral as JSON.
    ///
    /// - Parameters:
    ///   - output: Reused by the caller.
    ///   - pretty: Two spaces a level and a line for each member, without a line end after the last; else one line.
    ///   - masked: Whether values that say something of a person are hidden, by the schema's sensitivity. Text becomes
    ///     `•••`, dates `••••-••-••`, numbers and booleans `null`.
    package static func write(
        _ referral: borrowing Referral, into output: inout [UInt8], pretty: Bool = false, masked: Bool = false
    ) {
        var writer = CanonicalJSONWriter(
            nodes: referral.nodes, text: referral.textBytes, layout: referral.schema.layout,
            keys: referral.schema.keys, isPretty: pretty, isMasked: masked, output: ByteBuffer(continuing: &output))
        writer.group(0, depth: 0)
        writer.output.finish(into: &output)
    }
}
