extension Texts {
  /// The privacy policy, byte by byte as its hash names it, so that people read here what they accept.
  package static let policy = """
    Home / Privacy Policy

    PUMPKII values user privacy. When you use our products (including our services), we may collect and use \
    information about you to improve the quality of our services, and we will do everything we can to protect your \
    privacy to the extent commercially reasonable. We recommend that you read this Privacy Policy to learn more about \
    what information we collect, how we collect it and how we process or use it. When you use our products or \
    services, you consent to our collection, storage and use of your information subject to this policy and local \
    laws.

    There will be a number of specialist terms involved in this Privacy Policy which will be explained to you in as \
    concise a manner as possible so that you understand them.

    Information collection and use

    We collect and store certain personal information about you for the purpose of creating an account with PUMPKII \
    and providing necessary support for subsequent services. If you do not want us to provide this information, you \
    may not be able to register or take advantage of some of the services we offer, or some features may not provide \
    the best experience. Some features are also available to unregistered users and we do not collect personal \
    information from unregistered users.

    The personal information we obtain includes.

      • The name, email address, mailing address, telephone number and uploaded avatar image or bank card number that \
    you fill in when you register your account or use our services. The bank card or credit card is used to pay for \
    the services or products of Chengdu Saigo IoT Technology Co.
      • Information provided to us or others when using "device sharing" and "sharing a photo stream or video".

    Other information we obtained included.

      • The microphone and camera permissions of the mobile device you are using to interact with the Service, your \
    system language, and the type of device and software or operating system version number you are using. This \
    information helps us to get to know you better so that we can optimize our services and give you a better user \
    experience.
      • Logs of your operations while using our products, including statistics, critical operation paths, error logs, \
    crash logs, etc. Help us better understand the status of our products in order to improve the service experience \
    and deliver a better product.

    You will need to create a PUMPKII account using an email address or phone number so that you can take full \
    advantage of PUMPKII's full services. We may send notifications via email or system like you when you do not wish \
    to receive these messages and can follow the relevant prompts within the device or application to turn off. You \
    may stop our service at any time, and after you delete data due to the operation of the computer system and the \
    continuous data backup and archiving features, the copies remaining in the server may be clear for some time.

    Public information

    When you use PUMPKII's products or services, we imply that you have given your permission and agree to these \
    terms. Therefore, we will not share your information with any third party except under any circumstances, nor \
    will we sell or rent or otherwise distribute it to others.

      • We obtain your express consent to our sharing of information
      • We may share your information with third party service providers affiliated with this practice for necessary \
    reasons, such as to complete payment transactions or to pay for PUMPKII products. These service providers are \
    authorized to use your personal information only to the extent necessary to provide the service.
      • In order to protect the legitimate rights and interests of our or our partners, our customers, we will \
    disclose your personal information to the extent permitted by law.
      • In order to comply with local laws and regulations, to protect the public interest of society or for other \
    legal reasons necessary to protect the rights of others, we will carefully publish your personal information \
    within the framework of the law.
      • In the event of a merger, acquisition or other similar transaction with us, your personal information may be \
    used as a resource for the transaction. If this happens, we will inform you in advance of the transfer or \
    destruction of your personal information.

    data security

    We use a variety of industry-standard encryption technologies (such as SSL, TLS) to protect your data during \
    transmission, storage, and sharing. However, please understand that due to the limitations of Internet \
    technology, it is not possible to guarantee 100% security of the information even with all advanced security \
    technologies, so we need you to understand and acknowledge the risks involved in transmitting information to us.

    When your data is stored on our servers, we ensure that it is secure on our servers through policy, physical, \
    logical, and many other means. While the data on your computer depends more on the security of your device, we \
    recommend that you take the necessary measures to keep your local data safe.

    Terms Update

    When you continue to use our products or services, you agree to the terms and conditions in effect at the present \
    time.
    """
}
