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
    /// What it can carry.
    private let subjects: [Subject]
    private let write: @Sendable (Referral, RenderContext, inout [UInt8]) -> Void

    /// What is sent: referrals, or what came of them (``Outcome``).
    package enum Subject: Sendable, Hashable { case referrals, outcomes }

    init(
        _ name: String, _ contentType: String, fileExtension: String, _ about: String,
        for subjects: [Subject] = [.referrals],
        write: @escaping @Sendable (Referral, RenderContext, inout [UInt8]) -> Void
    ) {
        self.name = name
        self.contentType = contentType
        self.fileExtension = fileExtension
        self.about = about
        self.subjects = subjects
        self.write = write
    }

    /// All forms there are, in the order they are documented.
    package static let all: [Form] = [.canonical, .fhirMessage, .itk3Document]

    package static func named(_ name: String, of subject: Subject = .referrals) -> Form? {
        all.first { $0.name == name && $0.carries(subject) }
    }

    package func carries(_ subject: Subject) -> Bool { subjects.contains(subject) }

    /// The referral as bytes, or the record of an outcome. Pure: the same referral and context always give the same bytes.
    ///
    /// - Parameter referral: Already projected; everything in it is sent.
    ///   Of an outcome, ``RenderContext/about`` says whom it is about.
    package func render(_ referral: Referral, context: RenderContext) -> [UInt8] {
        var output: [UInt8] = []
        write(referral, context, &output)
        return output
    }
}

extension Form {
    static let canonical = Form(
        "canonical", "application/json", fileExtension: "json", "the canonical referral, or outcome, as JSON, one line",
        for: [.referrals, .outcomes]
    ) { referral, _, output in CanonicalJSON.write(referral, into: &output) }
}
