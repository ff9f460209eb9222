package import Projections
package import Referrals
package import Reporting

extension Configuration {
    /// Where referrals go, which of them, and what of them.
    package struct Route: Sendable {
        /// What the person must have agreed to.
        package enum Consent: Sendable, Hashable {
            /// Nothing is said: everything goes there, and `check` warns of it.
            case unsaid
            /// Everything goes there on purpose.
            case noneNeeded
            case scope(ConsentScope)
        }

        /// What the receiver wants it for.
        package enum Purpose: String, Sendable, CaseIterable {
            case directCare = "direct-care"
            case employmentSupport = "employment-support"
            case reporting
        }

        /// Whether referrals of one person go in the order they came.
        package enum Order: String, Sendable, CaseIterable {
            case person, none
            /// In order, and none goes while an earlier one of the person is a dead letter.
            case personHolding = "person-holding"
        }

        package enum Destination: Sendable, Hashable {
            /// A queue folder in the shape of a maildir.
            case queue(String)
            case http(Endpoint)
            case meshFolder(MeshOutbox)
        }

        package struct Endpoint: Sendable, Hashable {
            package var url: String
            package var token: Secret?
            package var concurrency = 4
            package var timeoutSeconds = 30
            package var authority: String?
            package var certificate: String?
            package var key: String?
            package var proxy: String?
            /// Whether it may be this machine itself.
            package var mayBeLoopback = false

            /// One on this machine.
            package static func loopback(_ url: String) -> Endpoint {
                var endpoint = Endpoint(url: url)
                endpoint.mayBeLoopback = true
                return endpoint
            }
        }

        package struct MeshOutbox: Sendable, Hashable {
            package var path: String
            package var from: String
            package var to: String
            package var workflow: String
        }

        package var name: String
        package var subject = Subject.referrals
        package var destination: Destination
        package var consent: Consent
        /// The class of recipient, as consent names it.
        package var recipient: String?
        package var purpose = Purpose.directCare
        /// FHIRPath over the canonical referral; `nil` for every referral.
        package var when: (text: String, position: SourcePosition)?
        /// The fields it may carry; `nil` for all.
        package var fields: [(text: String, position: SourcePosition?)]?
        package var form = "canonical"
        /// Who gets it, as a message form names them.
        package var receiver: RenderContext.Party?
        /// Where the configuration begins it.
        package var position: SourcePosition?
        package var order = Order.person
        package var giveUpDays = 5

        package init(name: String, destination: Destination, consent: Consent = .unsaid) {
            self.name = name
            self.destination = destination
            self.consent = consent
        }

        package init(name: String, queue: String, consent: Consent = .unsaid) {
            self.init(name: name, destination: .queue(queue), consent: consent)
        }

        /// Its queue folder, where it has one.
        package var queue: String? { if case .queue(let folder) = destination { folder } else { nil } }
    }
}
