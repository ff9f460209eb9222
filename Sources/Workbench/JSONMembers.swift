package import Reporting

extension JSONValue.Member {
    /// A member whose name is only known when the program runs.
    package init(_ key: String, _ value: JSONValue) {
        guard case .object(let members) = JSONValue.members(["": value]), var member = members.first else {
            preconditionFailure("an object of one member has one")
        }
        member.key = key
        self = member
    }
}
