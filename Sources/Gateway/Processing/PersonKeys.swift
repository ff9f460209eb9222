package import Custody
import Digests
package import Referrals

/// Makes keys of identifiers: the same identifier gives the same key, and nobody without the secret can turn it back.
package struct PersonKeys: Sendable {
    private let keyed: KeyedDigest

    /// - Parameter secret: 32 bytes of chance that stay with the store.
    package init(secret: [UInt8]) { keyed = KeyedDigest(key: secret) }

    /// What a sender calls a message, unique within its source.
    package func message(_ identifier: String, from source: String) -> Key {
        Key(keyed.digest(Array("message".utf8), Array(source.utf8), Array(identifier.utf8)))
    }

    /// The person of a referral: by NHS number, else by the first local identifier; `nil` when it has neither.
    package func subject(of referral: Referral) -> Key? {
        let fields = Self.fields
        if let number = referral.first(fields.nhsNumber) {
            return Key(keyed.digest(Array("nhs-number".utf8), Array(referral.bytes(number))))
        }
        guard let local = referral.first(fields.localId) else { return nil }
        var values: [UInt8] = []
        for node in referral.children(of: local) { values += referral.bytes(node) + [0] }
        return Key(keyed.digest(Array("local-id".utf8), values))
    }

    /// An NHS number as an operator types it, keyed the same way.
    package func subject(nhsNumber: String) -> Key {
        Key(keyed.digest(Array("nhs-number".utf8), nhsNumber.utf8.filter { $0 >= 0x30 && $0 <= 0x39 }))
    }

    /// Every name a referral goes by with its sender: its own id, the sender's, and those it had before.
    package func names(of referral: Referral) -> [Key] {
        Self.fields.names.flatMap { referral.all($0) }.map { node in
            Key(keyed.digest(Array("referral".utf8), Array(referral.bytes(node))))
        }
    }

    /// The number its sender gave a referral, unique within its source.
    package func claims(of referral: Referral, from source: String) -> [Key] {
        guard let node = referral.first(Self.fields.number) else { return [] }
        return [Key(keyed.digest(Array("claim".utf8), Array(source.utf8), Array(referral.bytes(node))))]
    }

    private struct Fields {
        let number = Schema.referral.require("source.referralId")
        let nhsNumber = Schema.referral.require("person.nhsNumber.value")
        let localId = Schema.referral.require("person.localIds")
        let names = ["id", "source.referralId", "source.setId", "setId", "previousIds"].map {
            Schema.referral.require($0)
        }
    }

    private static let fields = Fields()
}
