import Referrals
import Reporting
import Testing

@testable import Projections

/// Referrals as text and back, for tests.
enum Rendered {
    static func read(_ json: String) throws -> Referral {
        let (referral, findings) = CanonicalJSON.read(Array(json.utf8))
        #expect(findings.filter { $0.severity >= .error } == [])
        return try #require(referral)
    }

    static func canonical(_ referral: Referral, pretty: Bool = false) -> String {
        var output: [UInt8] = []
        CanonicalJSON.write(referral, into: &output, pretty: pretty)
        return String(decoding: output, as: UTF8.self)
    }

    static let context = RenderContext(
        sender: .init(endpoint: "https://linkway.example/messages", odsCode: "A9Z9Z", name: "Riverside Gateway"),
        receiver: .init(
            endpoint: "https://fhir.nhs.uk/Id/dos-service-id|2000099001", odsCode: "A3X5Z", name: "Ferryside"),
        messageID: "0c9f5ab2-6b37-4a5e-8d1c-000000000001")
}
