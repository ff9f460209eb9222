package import Referrals

/// A form in which a route sends a referral. Adding one is a file of its own and a row in ``all``.
package struct Form: Sendable {
    /// The word of the configuration, such as `canonical`.
    package let name: String
    /// The media type of the bytes.
    package let contentType: String
    /// What a file of it ends in, without the full stop.
    package let fileExtension: String
    /// What it is, in one sentence for people.
    package let about: String
    private let write: @Sendable (Referral, RenderContext, inout [UInt8]) -> Void

    init(
        _ name: String, _ contentType: String, fileExtension: String, _ about: String,
        write: @escaping @Sendable (Referral, RenderContext, inout [UInt8]) -> Void
    ) {
        self.name = name
        self.contentType = contentType
        self.fileExtension = fileExtension
        self.about = about
        self.write = write
    }

    /// All forms there are, in the order they are documented.
    package static let all: [Form] = [.canonical, .fhirMessage]

    package static func named(_ name: String) -> Form? { all.first { $0.name == name } }

    /// The referral as bytes. Pure: the same referral and context always give the same bytes.
    ///
    /// - Parameter referral: Already projected; everything in it is sent.
    package func render(_ referral: Referral, context: RenderContext) -> [UInt8] {
        var output: [UInt8] = []
        write(referral, context, &output)
        return output
    }
}

extension Form {
    static let canonical = Form(
        "canonical", "application/json", fileExtension: "json", "the canonical referral as JSON, one line"
    ) { referral, _, output in CanonicalJSON.write(referral, into: &output) }
}
